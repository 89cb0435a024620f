"""XML with entities, without end and without bottom. Source: the "billion laughs" and its quadratic kin."""

from __future__ import annotations

from itertools import pairwise

from tests.hostile.bombs.sizes import zipped

_LAUGHS = "".join(f'<!ENTITY l{one} "{f"&l{before};" * 10}">' for before, one in pairwise(range(10)))
LAUGHTER = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY l9 "{"a" * 100_000}">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
OUTSIDE_DTD = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>'
DECLARATIONS = {"laughs": LAUGHTER, "quadratic": QUADRATIC, "outside": OUTSIDE, "outside_dtd": OUTSIDE_DTD}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def docx(body: str, declaration: str = "") -> bytes:
    """A Word file around the XML of its body."""
    main = f'<?xml version="1.0"?>{declaration}<w:document {_W}><w:body>{body}</w:body></w:document>'
    return zipped(
        {"[Content_Types].xml": _TYPES.encode(), "_rels/.rels": _RELATIONS.encode(), "word/document.xml": main.encode()}
    )


def odt(body: str, declaration: str = "") -> bytes:
    """An OpenDocument text around the XML of its body."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = (
        f'<?xml version="1.0"?>{declaration}<office:document-content {names} office:version="1.2"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def ofd(declaration: str) -> bytes:
    """An OFD whose first part is hostile."""
    root = (
        f'<?xml version="1.0"?>{declaration}<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocInfo><ofd:DocID>&l9;</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    return zipped({"OFD.xml": root.encode(), "Doc_0/Document.xml": root.encode()})


def svg(declaration: str) -> bytes:
    shape = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><text>&l9;</text><image href="file:///etc/passwd"/></svg>'
    return f'<?xml version="1.0"?>{declaration}{shape}'.encode()


def deep_docx() -> bytes:
    """100,000 tables inside one another."""
    depth = 100_000
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return docx(opened * depth + "<w:p/>" + closed * depth)


def endless_docx() -> bytes:
    """20 million characters of text, in 4 million paragraphs."""
    return docx("<w:p><w:r><w:t>甲乙丙丁戊</w:t></w:r></w:p>" * 1_000_000)
