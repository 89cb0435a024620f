"""The desks a letter passes, one verb each. All of the I/O, none of the rules.

A desk takes what it needs in its constructor and offers one method that does a
bounded piece of work and says how much it did. What is due is read from the
database, so a desk may be stopped between any two letters.
"""
