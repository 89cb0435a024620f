"""Which of our letters a letter answers or quotes, and which cases those named. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.facts import LetterFacts

_CODE = re.compile(r"回执码\s*+(?:[:：]\s*+)?([0-9a-z][0-9a-z_-]{3,63})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OurReferences:
    """Which cases our own letters named, as looked up by Message-ID and by 回执码.

    A letter of ours about no case (the answer to a question) maps to an empty tuple: the
    thread is known all the same.
    """

    by_message_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_code: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind: str = ""
    """What the nearest of them was (`MailKind`); empty when there is none."""


NO_REFERENCES = OurReferences()


def message_ids_to_look_up(letter: LetterFacts) -> tuple[str, ...]:
    """The Message-IDs a letter answers, nearest first, once each."""
    return tuple(dict.fromkeys((*letter.in_reply_to, *reversed(letter.references))))


def codes_to_look_up(letter: LetterFacts) -> tuple[str, ...]:
    """The words that may be one of our 回执码, lower-case, once each: written ones, then those inside Message-IDs.

    A provider may have rewritten our Message-ID, a client may have dropped it: the code stands in subject, text or quote then.
    """
    text = f"{letter.subject}\n{letter.text}\n{letter.quoted}"
    written = (match.group(1).casefold() for match in _CODE.finditer(text))
    # kind.id.token@domain: the token survives a rewritten domain.
    inside = (
        part.casefold() for each in message_ids_to_look_up(letter) for part in each.partition("@")[0].split(".")[2:3]
    )
    return tuple(dict.fromkeys((*written, *inside)))


def numbers_of_thread(letter: LetterFacts, ours: OurReferences) -> tuple[str, ...]:
    """The cases that our letter named which this one answers, else quotes; empty when there is no such letter, or it named none."""
    by_id = (ours.by_message_id[each] for each in message_ids_to_look_up(letter) if each in ours.by_message_id)
    by_code = (ours.by_code[each] for each in codes_to_look_up(letter) if each in ours.by_code)
    return next(by_id, next(by_code, ()))


def is_in_our_thread(letter: LetterFacts, ours: OurReferences) -> bool:
    """Whether the letter answers one of ours, whatever that was about."""
    return any(each in ours.by_message_id for each in message_ids_to_look_up(letter)) or any(
        each in ours.by_code for each in codes_to_look_up(letter)
    )
