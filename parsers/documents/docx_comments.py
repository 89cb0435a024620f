"""Comments in the XML of a .docx: counted, taken out, put in. Text is never touched. Pure over the parsed XML."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lxml import etree

from parsers.documents.docx_graphics import printed_branch
from parsers.documents.docx_marks import INITIALS, is_ours
from parsers.documents.docx_names import XML_SPACE, W

_RANGES = (f"{W}commentRangeStart", f"{W}commentRangeEnd")
_REFERENCE = f"{W}commentReference"
_BOX = f"{W}txbxContent"
_BARE = frozenset({f"{W}rPr", f"{W}lastRenderedPageBreak"})
_UNPRINTED = (f"{W}del", f"{W}moveFrom")


def count_comments(root: etree._Element | None) -> tuple[int, int]:
    """Comments of people and of ours in a comments part; (0, 0) for None."""
    if root is None:
        return 0, 0
    ours = [is_ours(each.get(f"{W}author"), each.get(f"{W}initials")) for each in root.iterchildren(f"{W}comment")]
    return len(ours) - sum(ours), sum(ours)


def remove_ours(comments: etree._Element, story: etree._Element) -> frozenset[str]:
    """Take our earlier comments out of a comments part and the story they hang on; the paragraph ids they had.

    A run that held nothing but the sign of one goes with it.
    """
    gone: set[str] = set()
    paragraph_ids: set[str] = set()
    for comment in list(comments.iterchildren(f"{W}comment")):
        if is_ours(comment.get(f"{W}author"), comment.get(f"{W}initials")):
            gone.add(comment.get(f"{W}id", ""))
            paragraph_ids.update(
                str(value)
                for paragraph in comment.iter(f"{W}p")
                for name, value in paragraph.items()
                if str(name).endswith("}paraId")
            )
            comments.remove(comment)
    if gone:
        _unhang(story, gone)
    return frozenset(paragraph_ids)


def next_id(comments: etree._Element, story: etree._Element) -> int:
    """The first number no comment and no range has."""
    elements = (*comments.iter(f"{W}comment"), *story.iter(*_RANGES, _REFERENCE))
    numbers = [int(text) for element in elements if (text := element.get(f"{W}id", "")).isdecimal() and len(text) < 10]
    return max(numbers, default=-1) + 1


def make_comment(identifier: int, text: str, *, author: str, at: str) -> etree._Element:
    """A w:comment; each line of `text` is a paragraph. Source: ECMA-376 Part 1 §17.13.4.2."""
    comment = etree.Element(f"{W}comment", nsmap={"w": W.strip("{}")})
    for name, value in (("id", str(identifier)), ("author", author), ("date", at), ("initials", INITIALS)):
        comment.set(f"{W}{name}", value)
    for line in text.split("\n"):
        run = etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r")
        words = etree.SubElement(run, f"{W}t")
        words.text = line
        words.set(XML_SPACE, "preserve")
    return comment


def hang(paragraph: etree._Element, identifier: int, *, offset: int = 0) -> None:
    """Let a comment stand at a w:p, from the child in which character `offset` is printed to its end.

    No run is cut, so nothing of the text is written anew.
    """
    start, end = (etree.Element(tag, {f"{W}id": str(identifier)}) for tag in _RANGES)
    run = etree.Element(f"{W}r")
    etree.SubElement(run, _REFERENCE).set(f"{W}id", str(identifier))
    paragraph.insert(_child_at(paragraph, offset), start)
    paragraph.append(end)
    paragraph.append(run)


def outermost_paragraph(element: etree._Element) -> etree._Element | None:
    """The w:p of the story itself that holds `element`: comments in text boxes are shown by no program. None when none does."""
    found = element if element.tag == f"{W}p" else None
    for ancestor in element.iterancestors():
        if ancestor.tag == _BOX:
            found = None
        elif ancestor.tag == f"{W}p" and found is None:
            found = ancestor
    return found


def _unhang(story: etree._Element, gone: Collection[str]) -> None:
    for element in [each for each in story.iter(*_RANGES, _REFERENCE) if each.get(f"{W}id") in gone]:
        parent = element.getparent()
        if parent is None:
            continue
        parent.remove(element)
        holder = parent.getparent()
        if element.tag == _REFERENCE and parent.tag == f"{W}r" and holder is not None and _is_bare(parent):
            holder.remove(parent)


def _is_bare(run: etree._Element) -> bool:
    return all(child.tag in _BARE for child in run)


def _child_at(paragraph: etree._Element, offset: int) -> int:
    """Place among the children of a w:p: after its properties, before the child that prints character `offset`."""
    first = 1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0
    if offset <= 0 or paragraph.find(f".//{W}fldChar") is not None:
        return first
    printed = 0
    for place, child in enumerate(paragraph):
        if place >= first:
            printed += _printed_length(child)
            if printed > offset:
                return place
    return first


def _printed_length(element: etree._Element) -> int:
    """About how many characters a child of a paragraph prints: enough to find the run a count ends in."""
    if element.tag in _UNPRINTED or not isinstance(element.tag, str):
        return 0
    branch = printed_branch(element) if element.tag.endswith("}AlternateContent") else element
    return 0 if branch is None else sum(len(text.text or "") for text in _texts(branch))


def _texts(element: etree._Element) -> Iterable[etree._Element]:
    return element.iter(f"{W}t")
