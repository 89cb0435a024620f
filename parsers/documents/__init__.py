"""Text documents, one file per format."""
