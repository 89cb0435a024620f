"""The checks a campaign can ask for, one file each, in the order of `CHECKS`. Pure."""
