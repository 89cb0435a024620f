"""The command line: words in, words out; every command answers a person."""
