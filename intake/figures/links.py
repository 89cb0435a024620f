"""Files that were only linked to: how a digest lists them, the one that ends first at the top. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from intake.figures.matter import HumanItem, LinkLine
from intake.model import Finding
from intake.wording import CHINESE_DATES, clean_link, clean_text, write_size
from parsers.facts import SharedFile

SOON = timedelta(days=7)
"""So close an end is told before all else."""

_UNKNOWN = "other"
_UNKNOWN_ADDRESS_CHARACTERS = 300
_CODE_CHARACTERS = 20


def lines_of_findings(findings: Iterable[Finding], *, name_of: Callable[[str], str]) -> tuple[LinkLine, ...]:
    """The links a case still waits for (`only_as_link`), in the order found. `name_of` a provider's id, for people."""
    return tuple(_line_of(finding, name_of) for finding in findings if finding.code == "only_as_link")


def lines_of_shares(shares: Iterable[SharedFile], *, name_of: Callable[[str], str]) -> tuple[LinkLine, ...]:
    """The links of a letter that belongs to no case, in its order."""
    return tuple(
        LinkLine(
            name=share.name,
            where=name_of(share.provider),
            url=share.url,
            is_known=share.provider != _UNKNOWN,
            size_bytes=share.size_bytes,
            expires_at=share.expires_at,
            expires_said=share.expires_said,
            code=share.code,
        )
        for share in shares
    )


def _line_of(finding: Finding, name_of: Callable[[str], str]) -> LinkLine:
    values = finding.values
    provider, size_bytes, expires_at = values.get("provider"), values.get("size_bytes"), values.get("expires_at")
    return LinkLine(
        name=finding.file or "",
        where=name_of(str(provider)),
        url=str(values.get("url") or ""),
        is_known=provider != _UNKNOWN,
        size_bytes=size_bytes if isinstance(size_bytes, int) else None,
        expires_at=datetime.fromisoformat(expires_at) if isinstance(expires_at, str) else None,
        expires_said=str(values.get("expires_said") or ""),
        code=str(values.get("access_code") or ""),
    )


def cost_of_waiting(links: Iterable[LinkLine], *, now_at: datetime) -> Literal["deadline", "submitter"]:
    """`deadline` when one of the links ends so soon that nobody may get at the material any more."""
    ends = (link.expires_at for link in links if link.expires_at is not None)
    return "deadline" if any(now_at < end <= now_at + SOON for end in ends) else "submitter"


def soonest_end(item: HumanItem, *, now_at: datetime) -> tuple[int, float]:
    """What to sort by: links that will end, the soonest first; then what has no end stated; last, what has ended."""
    ends = [link.expires_at for link in item.links if link.expires_at is not None]
    ahead = [end for end in ends if end > now_at]
    if ahead:
        return (0, min(ahead).timestamp())
    return (2, 0.0) if ends and len(ends) == len(item.links) else (1, 0.0)


def link_rows(links: Sequence[LinkLine], *, now_at: datetime, zone: str) -> list[tuple[str, str]]:
    """Label and text of each link, the one that ends first at the top: file, until when, 提取码, address."""
    rows: list[tuple[str, str]] = []
    for link in sorted(links, key=lambda link: (link.expires_at is None, link.expires_at or now_at)):
        details = "，".join(
            part for part in (link.where, write_size(link.size_bytes) if link.size_bytes else "") if part
        )
        rows.append(("文件", f"{clean_text(link.name) or '（未写文件名）'}（{details}）"))
        rows.append(("有效期", _say_end(link, now_at=now_at, zone=zone)))
        rows.append(("提取码", clean_text(link.code, _CODE_CHARACTERS)))
        rows.append(
            ("链接", clean_link(link.url) if link.is_known else clean_text(link.url, _UNKNOWN_ADDRESS_CHARACTERS))
        )
    return [(label, text) for label, text in rows if text]


def _say_end(link: LinkLine, *, now_at: datetime, zone: str) -> str:
    if link.expires_at is None:
        return clean_text(link.expires_said)
    end = CHINESE_DATES.write_moment(link.expires_at, zone)
    if link.expires_at <= now_at:
        return f"已于{end}到期"
    days = (link.expires_at - now_at).days
    return f"{end}到期" + (f"，还有{days}天" if days else "，不足一天")
