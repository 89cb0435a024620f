"""Damages files at random, the same way for the same seed."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Sequence
from random import Random

from parsers.facts import Problem

INPUTS = int(os.environ.get("INTAKE_FUZZ_INPUTS", "200"))
"""How many damaged files of each kind; `make torture` asks for more."""
SEED = int(os.environ.get("INTAKE_FUZZ_SEED", "0"))
"""Another seed gives other files; a failure names it."""

XML_PIECES = (
    b"<", b">", b"</w:p>", b"<w:p>", b"<w:tbl>", b"</w:tr>", b"<w:t>", b"]]>", b"&#0;", b"&#xD800;", b"&lol;", b'"', b"'", b"\x00",
    b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY lol SYSTEM 'file:///etc/passwd'>]>", b"<!--", b"<?xml version='1.1'?>", b"xmlns:w=''",
    b' w:val="99999999999999999999"', b"<w:br/>" * 50, b"<w:ins><w:del>", b"<mc:AlternateContent>", b"<v:textbox>", b"r:id='rId1'",
)  # fmt: skip
PDF_PIECES = (
    b"endobj", b"obj", b"stream\n", b"endstream", b"xref", b"trailer", b"startxref\n0\n", b"%%EOF", b"<<", b">>", b"[", b"]", b"(", b")",
    b"/Type /Page", b"/Kids [1 0 R]", b"/Count 99999999", b"/Length 999999999", b"/Filter /FlateDecode", b"/Parent 1 0 R", b"-1 0 R",
    b"0 0 0 0 re f", b"BT", b"ET", b"/F1 1e38 Tf", b"1e309 0 0 1e309 0 0 cm", b"q " * 500, b"/Encrypt 1 0 R", b"/W [0 65535 1e9]", b"\x00",
)  # fmt: skip
ZIP_PIECES = (
    b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08", b"\xff\xff\xff\xff", b"\x00\x00", b"\x01\x00", b"../", b"\\",
    b"\x63\x00", b"\x0c\x00", b"\x0e\x00", b"\x5f\x00", b"\x75\x70", b"\x00\x08", b"C:\\", b"\x00", b"\xb0\xb8",
)  # fmt: skip


def wounded(raw: bytes, random: Random, pieces: Sequence[bytes]) -> bytes:
    """`raw` after a few wounds: bytes changed, cut out, repeated, structure put where none belongs."""
    data = bytearray(raw)
    for _ in range(random.choice((1, 3, 10, 40))):
        at = random.randrange(len(data) + 1)
        match random.randrange(6):
            case 0:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                data[at:at] = random.choice(pieces)
            case 2:
                piece = random.choice(pieces)
                data[at : at + len(piece)] = piece
            case 3:
                del data[at : at + random.choice((1, 5, 100, 5000))]
            case 4:
                start = random.randrange(len(data) + 1)
                data[at:at] = data[start : start + random.choice((5, 50, 5000))]
            case _:
                at = max(0, len(data) - random.randrange(200))  # directories stand at the end
                data[at : at + 2] = random.randbytes(2)
    return bytes(data)


def wounded_package(raw: bytes, random: Random, pieces: Sequence[bytes]) -> bytes:
    """A zip of XML parts, wounded inside a part or two (sums made good again), or as a file."""
    if random.random() < 0.3:
        return wounded(raw, random, ZIP_PIECES)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name in random.sample(sorted(parts), k=min(2, len(parts))):
        if random.random() < 0.1:
            del parts[name]
        else:
            parts[name] = wounded(parts[name], random, pieces)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return kept.getvalue()


def opened_by_another(problem: Problem) -> bool:
    """Whether a second reader opened what ours would not, so that a person looks: meant, and no fault of ours."""
    return problem.detail.endswith("opened by bsdtar")
