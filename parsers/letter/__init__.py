"""Letters: MIME to facts and files."""
