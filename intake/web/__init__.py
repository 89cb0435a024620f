"""The page for organizers: cases, letters, figures, and the same decisions as on the command line.

Server-rendered, without scripts. It writes nothing itself: decisions go through the desks, letters through the
outbox. Everything a stranger wrote is text here, never markup, and files leave as downloads only.
"""
