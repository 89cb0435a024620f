"""E-mail intake for case-collection campaigns: the life of one letter.

    mailbox --collect--> raw letter + sighting
            --read-----> facts (readers, in a separate process that may be killed), stored
            --file-----> which campaign, which case, which revision, or why not a submission
            --judge----> findings -> judgement -> outgoing row (same transaction)
            --post-----> SMTP
            --digest---> organizers

Each step can be resumed from the database alone. This package is the only one that
knows `parsers`, `config` and `storage`; those three do not know each other.
"""
