"""The letters we write: composed from data and the language files. Pure."""
