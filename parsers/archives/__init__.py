"""Archives: members out, within limits."""
