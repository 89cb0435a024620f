"""Numbers and lists for organizers: the digest. Pure."""
