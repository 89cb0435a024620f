"""The desks a letter passes, one verb each. All of the I/O, none of the rules."""
