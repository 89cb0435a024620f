"""Taking large bodies out before parsing changes nothing: every leaf equals the standard library's, byte for byte."""

from __future__ import annotations

import base64
import binascii
import email
import hashlib
import mmap
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.letter.opened import Opened
from parsers.letter.skeleton import KEPT_BYTES, SMALLEST_BYTES, build_skeleton
from parsers.letter.transfer import decoded
from parsers.letter.tree import parse_tree, walk
from tests.letters import CLIENTS, Draft, File


def leaves(raw: bytes, folder: Path) -> tuple[int, list[tuple[str, bytes]]]:
    """How many bodies were taken out, and every leaf's type and content."""
    path = folder / hashlib.sha256(raw).hexdigest()
    path.write_bytes(raw)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        skeleton = build_skeleton(file, path.name)
        opened = Opened(file, skeleton, most_characters=0, most_parts=10_000, characters_left=0)
        parts = [part for part in walk(parse_tree(skeleton.data, most_parts=10_000).root) if not part.children]
        return len(skeleton.spans), [(part.get_content_type(), b"".join(opened.pieces(part))) for part in parts]


def standard_leaves(raw: bytes) -> list[tuple[str, bytes]]:
    """The same by the standard library alone."""
    message = email.message_from_bytes(raw)
    found = []
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append((part.get_content_type(), content))
    return found


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_letter_of_each_client_with_large_files_equals_the_standard_parse(client: object, tmp_path: Path) -> None:
    assert callable(client)
    random = Random(7)
    files = tuple(
        File(f"{size}.bin", random.randbytes(size), "image/jpeg") for size in (10, 20_000, 300_001, 2_500_002)
    )
    raw = client(Draft(files=files))

    taken, found = leaves(raw, tmp_path)

    assert taken == 3
    assert found == standard_leaves(raw)


LINE_ENDS = st.sampled_from([b"\r\n", b"\n"])
ENCODINGS = st.sampled_from(["base64", "BASE64", "quoted-printable", "8bit", "7bit", ""])
SIZES = st.sampled_from([0, 1, 76, SMALLEST_BYTES - 1, SMALLEST_BYTES + 1, KEPT_BYTES + SMALLEST_BYTES + 999])


@st.composite
def parts(draw: st.DrawFn) -> bytes:
    """One entity: a body of some size under an encoding, with lines that try to look like structure."""
    end, encoding = draw(LINE_ENDS), draw(ENCODINGS)
    data = Random(draw(st.integers(0, 9))).randbytes(draw(SIZES))
    if encoding.lower() == "base64":
        width = draw(st.sampled_from([60, 75, 76, 100_000]))
        text = base64.b64encode(data)
        body = end.join(text[at : at + width] for at in range(0, len(text), width))
    elif encoding == "quoted-printable":
        body = binascii.b2a_qp(data, istext=False).replace(b"\n", end)
    else:
        body = base64.b64encode(data) + draw(st.sampled_from([b"", b"\n-- \nsignature", b"\n\n\n", "\n中文".encode()]))
    if data:
        body += draw(st.sampled_from([b"", end, end * 3, end + b"--" + end, end + b"---- footer ----" + end]))
    kind = draw(st.sampled_from([b"image/jpeg", b"text/plain", b"application/octet-stream"]))
    fields = [b"Content-Type: " + kind] + ([b"Content-Transfer-Encoding: " + encoding.encode()] if encoding else [])
    return end.join(fields) + end * 2 + body


@st.composite
def letters(draw: st.DrawFn) -> bytes:
    """A multipart letter, one level or two, with or without its closing line."""
    end = draw(LINE_ENDS)
    inner = draw(st.lists(parts(), min_size=1, max_size=4))
    if draw(st.booleans()):
        nested = b"".join(b"--in" + end + part + end for part in draw(st.lists(parts(), min_size=1, max_size=2)))
        inner.append(b'Content-Type: multipart/related; boundary="in"' + end * 2 + nested + b"--in--" + end)
    body = b"".join(b"--out" + end + part + end for part in inner) + draw(st.sampled_from([b"--out--", b""]))
    return b"Subject: x" + end + b"Content-Type: multipart/mixed; boundary=out" + end * 2 + body


@given(raw=letters())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_letter_equals_the_standard_parse(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    _, found = leaves(raw, tmp_path_factory.getbasetemp())

    assert found == standard_leaves(raw)


@given(data=st.binary(max_size=400), width=st.integers(1, 80), cuts=st.lists(st.integers(1, 90), max_size=12))
@settings(max_examples=300, deadline=None)
def test_base64_is_decoded_however_it_is_cut_into_lines_and_pieces(data: bytes, width: int, cuts: list[int]) -> None:
    text = base64.b64encode(data)
    encoded = b"\r\n".join(text[at : at + width] for at in range(0, len(text), width))
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(encoded[at : at + cut])
        at += cut

    assert b"".join(decoded([*pieces, encoded[at:]], "base64")) == data


@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(1, 90), max_size=12))
@settings(max_examples=300, deadline=None)
def test_quoted_printable_is_decoded_however_it_is_cut(data: bytes, cuts: list[int]) -> None:
    encoded = binascii.b2a_qp(data, istext=False)
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(encoded[at : at + cut])
        at += cut

    assert b"".join(decoded([*pieces, encoded[at:]], "quoted-printable")) == data


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (b"QUJD\r\nREVG", b"ABCDEF"),
        (b"QUI", b"AB"),
        (b"QUI=\r\n\r\n_______\r\nlist footer", b"AB"),
        (b"QUJDR", b"ABC"),
        (b"Q U\tJ\r\nD", b"ABC"),
        (b"QUJDREVGR0hJSktMTU5PUFFS!U1*RF", b"ABCDEFGHIJKLMNOPQRSTE"),
        (b"", b""),
        (b"=", b""),
    ],
)
def test_damaged_base64_gives_what_can_be_had(encoded: bytes, content: bytes) -> None:
    assert b"".join(decoded([encoded], "base64")) == content


def test_sender_cannot_write_a_token_that_stands_for_bytes_of_the_letter(tmp_path: Path) -> None:
    body = base64.encodebytes(bytes(100_000))
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
    part = b"\n--b\nContent-Transfer-Encoding: base64\n\n" + body + b"--b--\n"
    forged = b"=" + hashlib.sha256(head + part).hexdigest()[:24].encode() + b"=0;"

    _, found = leaves(head + forged + part, tmp_path)

    assert found == standard_leaves(head + forged + part)
