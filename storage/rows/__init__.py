"""What one unit of work can do, one file per noun."""
