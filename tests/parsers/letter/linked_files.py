"""What is found in a text with links, as plain values to compare."""

from __future__ import annotations

from datetime import UTC, datetime

from parsers.facts import SharedFile
from parsers.letter.share_places import html_passage, plain_passage
from parsers.letter.shares import Writer, find_shares

SENT_AT = datetime(2022, 12, 10, 1, 0, tzinfo=UTC)
QQ_URL = "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7d363834fce0&code=7684decd"
NETEASE_URL = "https://mail.163.com/large-attachment-download/index.html?file=djAyZG1meTh2"
ENDS = datetime(2022, 12, 20, 2, 12, tzinfo=UTC)


def told(text: str, *, subject: str = "案例报送", address: str = "jinan@qq.com") -> list[dict[str, object]]:
    """What was found in a plain text, without what is not stated and without the evidence."""
    return bare(find_shares([plain_passage(text)], Writer(subject, address, SENT_AT)))


def told_html(markup: str, *, subject: str = "案例报送", address: str = "jinan@qq.com") -> list[dict[str, object]]:
    return bare(find_shares([html_passage(markup)], Writer(subject, address, SENT_AT)))


def bare(shares: tuple[SharedFile, ...]) -> list[dict[str, object]]:
    """Shares without what is not stated and without the evidence."""
    return [share.model_dump(exclude_defaults=True, exclude={"evidence"}) for share in shares]
