"""Who sends a submission: unit, contact person, telephone, wherever people write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from intake.casework.known import Known, Place, from_form
from intake.casework.signs import CampaignSigns, ListedUnit
from intake.casework.units import as_unit, same_unit, units_in
from intake.casework.wording import letters_only, main_text, opening, plain, quote, stem
from intake.model import Document, Letter, Photo, ReadFile

_CONTACT = re.compile(
    r"(?:[联聯]\s*[系繫絡络]\s*人|填报人|经办人|报送人|投稿人|申报人|姓\s*名|作\s*者)\s*[:：]\s*([\u3400-\u9fff·]{2,4})(?![\u3400-\u9fff])"
)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}(?:-\d{1,5})?)(?!\d)")
_UNIT_LABEL = re.compile(
    r"(?:报送|推荐|申报|填报|选送|投稿|参评|所在|工作)?单\s*位(?:名称)?\s*[:：]\s*([^\n,，;；。]{3,40})"
)
_SALUTATION = re.compile(r"^[^\n。!?]{0,40}[:]\s*$|^(尊敬的|致)[^\n]{0,40}$")


def units_of(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    """The units named, surest place first; the organizers are who is written to, not who writes.

    Nor is what stands in the call's own title a unit: 湖里区社区治理创新案例 names no 湖里区社区.
    """
    for known in (*_all_units(letter, files), *_listed_units(letter, files, signs)):
        if known.value not in signs.title and not any(same_unit(known.value, each) for each in signs.organizers):
            yield known


def unit_names(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> tuple[str, ...]:
    """The units named, surest first, once each; empty when none is."""
    return tuple(dict.fromkeys(known.value for known in units_of(letter, files, signs)))


def _all_units(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    yield from from_form(files, "unit")
    cases = [file for file in files if isinstance(file, Document) and file.role in ("case", "cover_letter")]
    for document in cases:
        yield from _byline_units(document)
    for document in cases:
        yield from _closing_units(document)
    facts = letter.facts
    for line in reversed(facts.signature.splitlines()):
        unit = as_unit(line)
        if unit is not None:
            yield Known(unit, "signature", quote(line))
    yield from _body_units(opening(facts.text))
    for file in files:
        if not isinstance(file, Photo):
            for unit in units_in(re.sub(r"\.[0-9A-Za-z]{1,5}$", "", file.name)):
                yield Known(unit, "file_name", f"文件名 {file.name}")
    for unit in units_in(opening(facts.subject)):
        yield Known(unit, "subject", quote(facts.subject))
    display = facts.sender.name if facts.sender is not None else ""
    unit = as_unit(display) if display else None
    if unit is not None:
        yield Known(unit, "display_name", display)


def _listed_units(letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[Known]:
    """The unit the roster has at the sender's address, else the one whose name it has in subject, sender or file names.

    Only what fits one unit alone. Less sure than anything written: a street office may send for its communities.
    """
    sender = letter.facts.sender
    if not signs.listed or sender is None or letter.is_disowned or sender.address.casefold() in signs.forwarders:
        return
    address = sender.address.casefold()
    at_address = {unit.name for unit in signs.listed if address in unit.addresses}
    if len(at_address) == 1:
        yield Known(at_address.pop(), "roster", f"报送名单里的邮箱 {address}")
        return
    names = (sender.name, letter.facts.subject, *(stem(file.name) for file in files if not isinstance(file, Photo)))
    units = [unit for unit in signs.listed if not at_address or unit.name in at_address]
    named = _named_in(letters_only(" ".join(names)), units, title=letters_only(signs.title))
    if len(named) == 1:
        name, word = named.popitem()
        yield Known(name, "roster", f"报送名单里的“{word}”")


def _named_in(written: str, units: Sequence[ListedUnit], *, title: str) -> dict[str, str]:
    """Names of the `units` whose name or alias stands in `written`, each with that word; none of what is in the `title`.

    A street is not named by the name of its community that begins with it.
    """
    words: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        for word in (unit.name, *unit.aliases):
            words.setdefault(letters_only(word), []).append((unit.name, word))
    named: dict[str, str] = {}
    for letters in sorted(words, key=len, reverse=True):
        if len(letters) > 1 and letters not in title and letters in written:
            written = written.replace(letters, " ")
            named = dict(words[letters]) | named
    return named


def _byline_units(document: Document) -> Iterator[Known]:
    """The short lines under the title (at the top when no title stands out): 金安社区居委会, （金山街道金安社区）."""
    start = (document.facts.title_block + 1) if document.facts.title_block is not None else 0
    top = [block for block in document.facts.blocks[start : start + 4] if block.part == "main"]
    for block in top:
        labelled = _UNIT_LABEL.search(block.text)
        text = labelled.group(1) if labelled else block.text
        unit = as_unit(text) if len(text.strip()) <= 32 else None
        if unit is not None:
            yield Known(unit, "byline", quote(block.text))


def _closing_units(document: Document) -> Iterator[Known]:
    """落款: the last short lines."""
    blocks = [block for block in document.facts.blocks if block.part == "main" and block.text.strip()]
    for block in reversed(blocks[-4:]):
        labelled = _UNIT_LABEL.search(block.text)
        unit = as_unit(labelled.group(1) if labelled else block.text)
        if unit is not None:
            yield Known(unit, "closing", quote(block.text))


def _body_units(text: str) -> Iterator[Known]:
    labelled = _UNIT_LABEL.search(text)
    if labelled is not None:
        for unit in units_in(labelled.group(1)):
            yield Known(unit, "body", quote(labelled.group()))
    lines = [line for line in text.splitlines() if line.strip() and not _SALUTATION.match(plain(line).strip())]
    for line in reversed(lines[-3:]):
        closing = as_unit(line)
        if closing is not None:
            yield Known(closing, "body", quote(line))
    for line in lines[:12]:
        for unit in units_in(line):
            yield Known(unit, "body", quote(line))


def contacts_of(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    """The persons to ask, surest place first; a display name is none."""
    yield from from_form(files, "contact")
    for place, text in _written_places(letter, files):
        for match in _CONTACT.finditer(text):
            yield Known(match.group(1), place, quote(match.group()))
    yield from from_form(files, "author")


def phones_of(letter: Letter, files: Sequence[ReadFile]) -> Iterator[Known]:
    """Telephone numbers of the sender, surest place first, digits only but for the hyphens of a landline."""
    for known in from_form(files, "phone"):
        match = _PHONE.search(known.value)
        yield replace(known, value=_digits(match.group())) if match else known
    for place, text in _written_places(letter, files):
        match = _PHONE.search(text)
        if match is not None:
            yield Known(_digits(match.group()), place, quote(match.group()))


def _written_places(letter: Letter, files: Sequence[ReadFile]) -> Iterator[tuple[Place, str]]:
    """Where senders write who they are. Of documents only head and foot: a resident's number in the text is not theirs."""
    yield "signature", letter.facts.signature
    yield "body", letter.facts.text if len(letter.facts.text) < 1500 else letter.facts.text[-300:]
    for file in files:
        if isinstance(file, Document) and file.role in ("case", "cover_letter"):
            lines = [line for line in main_text(file).splitlines() if line.strip()]
            for line in (*lines[:5], *lines[-4:]):
                if len(line) <= 60 and re.search(r"联\s*系|电话|手机", line):
                    yield "closing", line


def _digits(phone: str) -> str:
    return phone.replace(" ", "") if phone.startswith("0") else re.sub(r"\D", "", phone)
