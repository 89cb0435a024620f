"""How fast the whole trip is: `python -m bench` (or `make bench`). Needs a checkout; Dovecot and mbsync where they are."""
