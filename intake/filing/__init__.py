"""What is done with one letter: taken up as a submission, carried out as a request, or set aside.

Everything happens in the unit of work of the filing desk, which decides when and how often.
Peer: the database.
"""

from __future__ import annotations

from intake.filing.letters import Filing

__all__ = ["Filing"]
