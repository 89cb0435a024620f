"""Finds the files a letter offers as links: large attachments of mail services, shares on drives. Pure; nothing is fetched.

A share is told by its provider's own kind of address. An unknown host needs the words of a share right beside it
(提取码, 网盘链接); an article of a public account must be offered as the material. What stands in quoted history is no
new share, unless the letter forwards it; a service's own block below the history is new all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from parsers.facts import SharedFile, ShareProvider
from parsers.letter.share_fields import (
    CODE_KEYS,
    HELPER,
    NAME_KEYS,
    bare_name,
    end_in_link,
    evidence,
    in_query,
    label_name,
    number_in,
    size_beside,
    without_links,
)
from parsers.letter.share_identity import address_key, known_as, merged
from parsers.letter.share_places import Passage, Place
from parsers.letter.share_providers import Provider, provider_of, split, unwrapped
from parsers.letter.share_services import HEADING, is_own_service, opened_block
from parsers.letter.share_words import (
    clean_name,
    has_file_name,
    names_a_code,
    row_of,
    said_code,
    said_end,
    said_name,
    size_of,
)

_T = TypeVar("_T")
_MOST_SHARES = 100
_LINES_ABOVE, _LINES_BELOW = 3, 3
_FURTHEST = 12
"""Lines, blank ones too, that are looked at above and below a link."""
_LONGEST_BLOCK_LINES = 600
_FORWARD = re.compile(r"^\s*(?:fwd?|转发|轉發|轉寄|转寄|tr)\s*[:：]", re.IGNORECASE)
_DRIVE_BEFORE = re.compile(
    r"(?:网盘|云盘|網盤|雲端硬碟|云端硬盘|微云|百度云|云附件|超大附件|中转站|文件盘)(?:的?(?:分享|共享|下载|文件|资料|材料)){0,3}的?(?:链接|地址|网址|連結|網址|下载)?(?:如下|为|是|在此)?\s*+[:：]?\s*+$"
)
_OFFERED = re.compile(r"案例|材料|正文|作品|全文|文稿|文章|文字|内容|稿件|报送|投稿|參評|参评")
_MENTIONED = re.compile(
    r"报道|報導|报导|宣传|宣傳|媒体|推送|关注|關注|参考|學習|学习|链接二维码|官微|往期|相关|公众号名片|微信公众号[:：]?\s*$|喜报|新闻"
)


@dataclass(frozen=True, slots=True)
class Writer:
    """What of the letter's head helps to read its shares."""

    subject: str = ""
    address: str = ""
    sent_at: datetime | None = None
    """When the letter was written: 7天有效 counts from here."""


def find_shares(passages: Sequence[Passage], writer: Writer) -> tuple[SharedFile, ...]:
    """The files offered as links, in the order they are named, each once.

    Texts that say the same (plain and HTML) complete each other.
    """
    found: dict[str, SharedFile] = {}
    for passage in passages:
        for share in _Finder(passage, writer).shares()[:_MOST_SHARES]:
            key = known_as(share, found)
            found[key] = merged(found[key], share) if key in found else share
    shares = tuple(found.values())[:_MOST_SHARES]
    if len(shares) == 1 and not shares[0].code:
        return (shares[0].model_copy(update={"code": _only_code(passages, writer.subject)}),)
    return shares


# --- one text


@dataclass(frozen=True, slots=True)
class _Link:
    """All places of one address in a passage."""

    key: str
    url: str
    provider: Provider | None
    places: tuple[Place, ...]

    @property
    def first(self) -> int:
        return self.places[0].line

    @property
    def last(self) -> int:
        return self.places[-1].line


class _Finder:
    """Reads one passage."""

    def __init__(self, passage: Passage, writer: Writer) -> None:
        self._lines = passage.lines
        self._passage = passage
        self._writer = writer
        self._forwards = _FORWARD.match(writer.subject) is not None
        self._headings = {
            number: service for number, line in enumerate(self._lines) if (service := opened_block(line)) is not None
        }
        self._heading_lines = sorted(self._headings)
        self._links = _links([place for place in passage.places if self._counts(place.line)])
        self._known = [link for link in self._links if link.provider is not None]
        self._taken = {place.line for link in self._known for place in link.places}

    def shares(self) -> list[SharedFile]:
        shares: list[tuple[int, SharedFile]] = []
        for link in self._links:
            row = link.provider or self._unknown(link)
            if row is None or (row.kind == "article" and not self._is_offered(link)) or self._is_second_link(link):
                continue
            shares.append((link.first, self._share(link, row)))
        named = {share.name for _, share in shares}
        shares += [(at, share) for at, share in self._bare_rows() if share.name not in named]
        return [share for _, share in sorted(shares, key=lambda pair: pair[0])]

    def _counts(self, line: int) -> bool:
        """Whether what stands on this line is offered now."""
        if self._forwards or line not in self._passage.old:
            return True
        heading = self._heading_above(line)
        return (
            line not in self._passage.fenced and heading is not None and is_own_service(heading, self._writer.address)
        )

    def _heading_above(self, line: int) -> ShareProvider | None:
        """The service whose block a line stands in; None outside of one."""
        place = bisect_right(self._heading_lines, line) - 1
        if place < 0 or line - self._heading_lines[place] > _LONGEST_BLOCK_LINES:
            return None
        return self._headings[self._heading_lines[place]]

    def _unknown(self, link: _Link) -> Provider | None:
        """An unknown host counts when the words of a share stand beside its address."""
        parts = split(link.url)
        if (
            parts is None
            or not (parts.path.strip("/") or parts.query or parts.fragment)
            or HELPER.search(link.places[0].label)
        ):
            return None
        below, own = self._below(link), self._lines[link.first]
        said = names_a_code(without_links(own)) or (bool(below) and names_a_code(below[0]))
        before = own[: link.places[0].column].strip() or (self._above(link) or [""])[0]
        rows = (row_of(self._lines[place.line]) for place in link.places)
        headed = self._heading_above(link.first) is not None and any(rows)
        is_share = said or headed or _DRIVE_BEFORE.search(before) is not None
        return Provider("other", "drive", "", "") if is_share else None

    def _is_offered(self, link: _Link) -> bool:
        """Whether an article is sent as the material, and not mentioned beside it."""
        own = without_links(self._lines[link.first])
        said = "\n".join((own, *(self._above(link)[:1] if not own.strip(" :：。.") or len(own) < 8 else ())))
        return bool(_OFFERED.search(said)) and not _MENTIONED.search(said)

    def _is_second_link(self, link: _Link) -> bool:
        """预览 or 下载 beside the named link of the same row, in a service's block."""
        if link.provider is None or link.provider.kind != "mailbox" or any(label_name(place) for place in link.places):
            return False
        beside = (other for other in self._known if other is not link and other.provider is link.provider)
        return any(
            0 <= link.first - other.first <= 1 and any(label_name(place) for place in other.places) for other in beside
        )

    def _share(self, link: _Link, row: Provider) -> SharedFile:
        own = [self._lines[number] for number in sorted({place.line for place in link.places})]
        between = [self._lines[n] for n in range(link.first, link.last + 1) if n not in self._taken]
        above, below = self._above(link), self._below(link)
        near = [*own, *between]
        printed = next((found for line in (*near, *above) if (found := row_of(line))), None)
        end, said = self._end(link, [*near, *([printed["end"]] if printed and printed["end"] else []), *below, *above])
        texts = [without_links(line) for line in (*near, *below, *above)]
        service = self._heading_above(link.first)
        provider = (
            service
            if service is not None
            and row.kind == "mailbox"
            and row.id in {"qq_mail", "exmail"}
            and service in {"qq_mail", "exmail"}
            else row.id
        )
        return SharedFile(
            provider=provider,
            url=link.url,
            name=self._name(link, [*near, *above], row),
            size_bytes=_first(place.size_bytes for place in link.places)
            or (size_of(printed["number"], printed["unit"]) if printed else None)
            or size_beside(near)
            or number_in(link.url, "sz"),
            expires_at=end,
            expires_said=said,
            code=in_query(link.url, CODE_KEYS) or next((code for text in texts if (code := said_code(text))), ""),
            evidence=evidence(next((line for line in (*near, *above) if without_links(line).strip()), link.url)),
        )

    def _name(self, link: _Link, lines: Sequence[str], row: Provider) -> str:
        candidates = [place.name for place in link.places if place.name]
        candidates += [name for place in link.places if (name := label_name(place))]
        candidates += [name for line in lines if (name := said_name(without_links(line)))]
        if row.kind == "drive":
            candidates.append(bare_name(self._lines[link.first], link.places[0]))
        candidates.append(clean_name(in_query(link.url, NAME_KEYS)))
        return next((name for name in candidates if name), "")

    def _end(self, link: _Link, lines: Sequence[str]) -> tuple[datetime | None, str]:
        """Attributes tell the moment best, words are what people know it by."""
        stated = next((end for line in lines if (end := said_end(line, sent_at=self._writer.sent_at))[1]), (None, ""))
        exact = _first(place.expires_at for place in link.places)
        return exact or stated[0] or end_in_link(link.url), stated[1]

    def _above(self, link: _Link) -> list[str]:
        """The lines before the link that may speak of it, nearest first."""
        found: list[str] = []
        for number in range(link.first - 1, max(link.first - _FURTHEST, 0) - 1, -1):
            if (
                number in self._taken
                or number in self._headings
                or len(found) == _LINES_ABOVE
                or not self._counts(number)
            ):
                break
            if self._lines[number].strip():
                found.append(self._lines[number])
        return found

    def _below(self, link: _Link) -> list[str]:
        """The lines after it, nearest first, as far as the next file."""
        found: list[str] = []
        for number in range(link.last + 1, min(link.last + _FURTHEST, len(self._lines))):
            line = self._lines[number]
            if number in self._taken or len(found) == _LINES_BELOW or row_of(line) or not self._counts(number):
                break
            if line.strip():
                found.append(line)
        return found

    def _bare_rows(self) -> list[tuple[int, SharedFile]]:
        """Rows of a service's block whose links were lost on the way to plain text."""
        found = []
        for number, line in enumerate(self._lines):
            service = self._heading_above(number)
            row = row_of(line) if service is not None and self._counts(number) else None
            if row is None or service is None or not clean_name(row["name"]) or number in self._taken:
                continue
            end, said = said_end(row["end"] or "", sent_at=self._writer.sent_at)
            name = clean_name(HEADING.sub("", row["name"]))
            size = size_of(row["number"], row["unit"])
            if (row["end"] and said) or has_file_name(name):
                share = SharedFile(
                    provider=service,
                    name=name,
                    size_bytes=size,
                    expires_at=end,
                    expires_said=said,
                    evidence=evidence(line),
                )
                found.append((number, share))
        return found


def _links(places: Sequence[Place]) -> list[_Link]:
    """The places by address, in order of their first."""
    grouped: dict[str, list[Place]] = {}
    urls: dict[str, str] = {}
    for place in places:
        url = unwrapped(place.url)
        if split(url) is None:
            continue
        key = address_key(url)
        grouped.setdefault(key, []).append(place)
        urls.setdefault(key, url)
    return [_Link(key, urls[key], provider_of(urls[key]), tuple(group)) for key, group in grouped.items()]


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _only_code(passages: Sequence[Passage], subject: str) -> str:
    """The one code of the whole letter, wherever it stands; empty when there is none, or several."""
    lines = [line for passage in passages for number, line in enumerate(passage.lines) if number not in passage.old]
    codes = {code for line in (*lines, subject) if names_a_code(line) and (code := said_code(line))}
    return codes.pop() if len(codes) == 1 else ""
