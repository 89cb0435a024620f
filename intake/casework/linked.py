"""Material that letters only link to: what is still looked for, and what a later letter has brought. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from intake.casework.wording import letters_only, stem
from intake.model import Document, Letter, LinkedFile, Photo, ReadFile
from parsers.facts import SharedFile


def still_linked(
    earlier: Sequence[LinkedFile],
    letter: Letter,
    brought: Sequence[ReadFile],
    *,
    text_came: bool,
    complete: bool,
) -> tuple[LinkedFile, ...]:
    """The linked files that have not come by other ways after `letter`, in the order they were named.

    One has come when a file, or an archive, of its name has. Earlier ones are done with as well once the case text
    they stood for is there, or once material came after which nothing is lacking.

    Args:
        earlier: Those before this letter.
        letter: Names more of them, or brings some.
        brought: The letter's files.
        text_came: With this letter the case has a readable text, and had none before.
        complete: After this letter neither text nor photos are lacking.
    """
    names = set(_names(brought))
    done = bool(brought) and (text_came or complete)
    kept = [] if done else [link for link in earlier if _name(link.file) not in names]
    known = [link.file for link in earlier]
    new = [
        LinkedFile(share, received_at=letter.received_at)
        for share in letter.facts.shares
        if _name(share) not in names and not is_known(share, known)
    ]
    return tuple(replace(link, needed=not complete) for link in (*kept, *new))


def announced_at(earlier: datetime | None, links: Sequence[LinkedFile]) -> datetime | None:
    """The receipt time that holds for material that a link announced, as long as the case needs it: the first link's own.

    `earlier`: what held before this letter. Large files come in several letters, so it holds for all of them. None when
    no link that was needed is known.
    """
    needed = (link.received_at for link in links if link.needed)
    return earlier if earlier is not None else min(needed, default=None)


def is_known(share: SharedFile, known: Iterable[SharedFile]) -> bool:
    """Whether the same link was sent before; a link that was lost is told by its file's name."""
    return any(share.url == other.url if share.url and other.url else _name(share) == _name(other) for other in known)


def repeats_links(shares: Sequence[SharedFile], known: Sequence[SharedFile]) -> bool:
    """Whether there are links and every one was sent before."""
    return bool(shares) and all(is_known(share, known) for share in shares)


def has_text(files: Iterable[ReadFile]) -> bool:
    """Whether a case text is among the files that could be read."""
    return any(isinstance(file, Document) and file.role == "case" for file in files)


def _names(files: Iterable[ReadFile]) -> Iterable[str]:
    for file in files:
        yield letters_only(stem(file.name))
        if isinstance(file, Photo) and file.container is not None:
            yield letters_only(stem(file.container))


def _name(share: SharedFile) -> str:
    """The name without its extension, to compare; one that no file can have when the letter gives none."""
    return letters_only(stem(share.name)) or f"\0{share.url}"
