"""When answering has run away and must stop until a person has looked. Pure.

Two programs that answer each other, neither of which says that it is one, are known by their pace; a fault of our
own by letters that are answered again and again. A rush of people is neither: each letter of theirs is answered
once or twice, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

PERIOD = timedelta(hours=1)
"""What is looked back upon."""
FEWEST_ANSWERS = 10
"""With fewer answers in that time nothing has run away."""
ANSWERS_A_LETTER = 2
"""A letter is told that a person looks at it, and then what came of it: two answers are in order."""
ROUNDS = 3
"""So many answers of ours, each followed at once by a letter that brings nothing new, are two programs."""
AT_ONCE = timedelta(minutes=10)
"""A program answers at its next look at the mailbox. A person who reads and writes within this time three times in
a row, without sending any material, is rare enough for a clerk to look."""


def outruns_letters(answers: int, letters: int) -> bool:
    """Whether `answers` of the last hour are more than the `letters` of that hour can have called for."""
    return answers >= FEWEST_ANSWERS and answers > ANSWERS_A_LETTER * letters


def is_endless(rounds: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether a thread goes round and round: `rounds` holds when each answer of ours was written and when the next

    letter without anything new came in answer to it, the latest first.
    """
    lately = rounds[:ROUNDS]
    return len(lately) == ROUNDS and all(came_at - written_at <= AT_ONCE for written_at, came_at in lately)
