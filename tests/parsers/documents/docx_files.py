"""Word documents put together part by part, as the tests of the reader need them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from parsers.documents.docx import read_docx
from parsers.facts import Block, DocumentFacts, Reading
from parsers.limits import DEFAULT_LIMITS, Limits

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN_TYPE = f"{_WORDPROCESSING}.document.main+xml"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def paragraph(*runs: str, properties: str = "") -> str:
    """A w:p of ready-made runs (or plain text, which becomes one)."""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    """A w:r with text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """A w:tbl of cells given as text or as ready-made cell content."""
    cells = (
        "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row) for row in rows
    )
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def inline_picture(relation: str, *, width_emu: int = 952500, height_emu: int = 476250) -> str:
    """A run with an inline DrawingML picture; 100 by 50 CSS pixels unless told otherwise."""
    return f"<w:r>{drawing('inline', picture(relation), width_emu=width_emu, height_emu=height_emu)}</w:r>"


def drawing(kind: str, inside: str, *, width_emu: int = 952500, height_emu: int = 476250, hidden: bool = False) -> str:
    """A w:drawing, `inline` or `anchor`, around `inside`."""
    return (
        f'<w:drawing><wp:{kind}><wp:extent cx="{width_emu}" cy="{height_emu}"/>'
        f'<wp:docPr id="1" name="x"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}/>'
        f"<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></wp:{kind}></w:drawing>"
    )


def picture(relation: str) -> str:
    """A pic:pic that shows the picture of a relationship."""
    return f'<pic:pic><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill></pic:pic>'


def png(colour: str = "red") -> bytes:
    """A small picture; other colours are other files."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(target, "PNG")
    return target.getvalue()


def write_docx(
    path: Path,
    *body: str,
    parts: Mapping[str, str | bytes] | None = None,
    relations: Mapping[str, tuple[str, str]] | None = None,
    main: str = "word/document.xml",
    main_type: str = MAIN_TYPE,
) -> Path:
    """Write a document and return its path.

    Args:
        path: Where to.
        body: Block-level XML.
        parts: Further parts by name under `word/` ("styles" is `word/styles.xml`); XML parts
            are given as the content of their root element, anything with a dot as bytes.
        relations: Relationship id to (kind, target), besides those of `parts`.
        main: Name of the main part.
        main_type: Its content type.
    """
    kinds = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
             "comments": "comments", "hdr": "header"}  # fmt: skip
    links = {f"auto{name}": (kinds[name], f"{name}.xml") for name in parts or {} if name in kinds} | dict(
        relations or {}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/{main}" ContentType="{main_type}"/></Types>',
        )
        package.writestr("_rels/.rels", _relationships({"rId1": ("officeDocument", main)}))
        folder, _, name = main.rpartition("/")
        package.writestr(f"{folder}/_rels/{name}.rels", _relationships(links))
        package.writestr(main, f"<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>")
        for part, content in (parts or {}).items():
            if isinstance(content, bytes):
                package.writestr(f"word/{part}", content)
            else:
                package.writestr(f"word/{part}.xml", f"<w:{part} {NAMESPACES}>{content}</w:{part}>")
    return path


def _relationships(links: Mapping[str, tuple[str, str]]) -> str:
    rows = (
        f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
        for identifier, (kind, target) in links.items()
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{"".join(rows)}</Relationships>'


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """The reading of a document; its members are written to a folder `job` beside it."""
    job = path.parent / "job"
    job.mkdir()
    return read_docx(path, job, limits)


def facts(path: Path, *body: str, parts: Mapping[str, str | bytes] | None = None) -> DocumentFacts:
    """The facts of a document with that body, written below the folder `path`."""
    document = read(write_docx(path / "a.docx", *body, parts=parts)).document
    assert document is not None
    return document


def texts(document: DocumentFacts, part: str = "main") -> list[str]:
    """The texts of the blocks of one part, in order."""
    return [block.text for block in document.blocks if block.part == part]


def only_block(document: DocumentFacts) -> Block:
    """The one block of a document that has no other."""
    (block,) = document.blocks
    return block
