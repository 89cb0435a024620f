"""Readable files and limits in, facts out. Knows no settings, database, network, log or verdict."""
