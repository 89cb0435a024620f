"""The whole job on an embedded mail server with sample letters, on a demo clock."""
