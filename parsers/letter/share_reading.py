"""The shares of a whole letter: which of its texts are worth a closer look, and what its head adds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsers.facts import LetterFacts, SharedFile
from parsers.letter.share_places import Passage, html_passage, plain_passage
from parsers.letter.share_providers import provider_of, unwrapped
from parsers.letter.shares import Writer, find_shares

_WORTH_A_LOOK = re.compile(
    r"提取码|提取碼|提取密码|提取密碼|访问码|訪問碼|取件码|分享码|网盘|網盤|云盘|雲端|超大附件|云附件|中转站|中轉站|mail ?drop|"
    r"attachments? (?:sent )?from",
    re.IGNORECASE,
)


def shares_of(head: LetterFacts, *, html: Sequence[str], plain: Sequence[str]) -> tuple[SharedFile, ...]:
    """The files the letter offers as links, in the order of its texts, each once.

    Args:
        head: The letter's facts as far as headers and links go.
        html: Every HTML text, those of forwarded letters too.
        plain: The plain texts that are shown, and forwarded letters as text.
    """
    if not _may_hold_shares(head.links, (*html, *plain)):
        return ()
    passages: list[Passage] = [html_passage(markup) for markup in html]
    passages += [plain_passage(text) for text in plain]
    address = head.sender.address if head.sender is not None else ""
    arrived = (hop.at for hop in reversed(head.received) if hop.at is not None)
    sent_at = head.date_at or next(arrived, None)
    return find_shares(passages, Writer(subject=head.subject, address=address, sent_at=sent_at))


def _may_hold_shares(links: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether a closer look is worth its time: a provider's link, the words of a share, or a service's block."""
    return any(provider_of(unwrapped(link)) for link in links) or any(_WORTH_A_LOOK.search(text) for text in texts)
