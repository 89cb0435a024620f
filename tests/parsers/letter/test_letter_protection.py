"""Signed letters are read, locked ones recognised. Signatures and locks are made by `cryptography` and by hand, never by our own code."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from email import encoders, policy
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from parsers.letter.protection import Unwrapped, is_service_notice, open_cms, without_armour
from tests.letter_reading import headed, read_raw

CASE = b"PK\x03\x04" + bytes(range(256)) * 8
HEAD = "From: jinan@qq.com\nTo: anli@example.org\nSubject: x\nMIME-Version: 1.0\n"


def content() -> bytes:
    """A letter's MIME content: a text and a case."""
    whole = MIMEMultipart("mixed")
    whole.attach(MIMEText("请查收附件。", "plain", "utf-8"))
    file = MIMEApplication(CASE)
    file.add_header("Content-Disposition", "attachment", filename="案例.docx")
    whole.attach(file)
    return whole.as_bytes(policy=policy.SMTP)


@cache
def identity() -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "金安社区")])
    now = datetime(2022, 12, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(9)
    )
    return builder.sign(key, hashes.SHA256()), key


def signed(encoding: Encoding, *options: pkcs7.PKCS7Options) -> bytes:
    certificate, key = identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content()).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(encoding, list(options))


def locked() -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content()).add_recipient(identity()[0])
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def p7m(data: bytes, fields: str = 'Content-Type: application/pkcs7-mime; smime-type=x; name="smime.p7m"') -> bytes:
    return headed(f"{HEAD}{fields}\nContent-Transfer-Encoding: base64", base64.encodebytes(data))


def indefinite(data: bytes) -> bytes:
    """Signed data in BER, lengths left open and the content in pieces, as programs that stream write it."""

    def definite(tag: int, value: bytes) -> bytes:
        size = len(value)
        length = bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2, "big")
        return bytes((tag,)) + length + value

    pieces = b"".join(definite(0x04, data[at : at + 1000]) for at in range(0, len(data), 1000))
    octets = b"\xa0\x80\x24\x80" + pieces + bytes(4)
    inner = b"\x30\x80" + definite(0x06, bytes.fromhex("2a864886f70d010701")) + octets + bytes(2)
    signed_data = b"\x30\x80" + definite(0x02, b"\x01") + definite(0x31, b"") + inner + definite(0x31, b"") + bytes(2)
    return b"\x30\x80" + definite(0x06, bytes.fromhex("2a864886f70d010702")) + b"\xa0\x80" + signed_data + bytes(4)


def as_entity(data: bytes) -> bytes:
    """An object as the content of a letter."""
    fields = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return fields + base64.encodebytes(data)


OPAQUE = {
    "der": lambda: signed(Encoding.DER, pkcs7.PKCS7Options.Binary),
    "ber, in pieces": lambda: indefinite(content()),
    "signed twice": lambda: indefinite(as_entity(signed(Encoding.DER, pkcs7.PKCS7Options.Binary))),
}


@pytest.mark.parametrize("kind", OPAQUE)
@pytest.mark.parametrize(
    "fields",
    [
        'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
        "Content-Type: application/x-pkcs7-mime; name=smime.p7m",
        'Content-Type: application/octet-stream; name="smime.p7m"\nContent-Disposition: attachment; filename="smime.p7m"',
    ],
    ids=["rfc", "older", "octets"],
)
def test_opaque_signed_letter_is_read_as_the_letter_inside(kind: str, fields: str, tmp_path: Path) -> None:
    read = read_raw(p7m(OPAQUE[kind](), fields), tmp_path)

    assert (read.letter.text, read.letter.signed, read.letter.encrypted) == ("请查收附件。", "smime", "")
    assert read.files == [("案例.docx", CASE)]


def test_document_that_was_signed_comes_out_of_its_signature(tmp_path: Path) -> None:
    certificate, key = identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(CASE).add_signer(certificate, key, hashes.SHA256())
    data = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    fields = "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''%E6%A1%88%E4%BE%8B.docx.p7m"

    read = read_raw(p7m(data, fields), tmp_path)

    assert read.files == [("案例.docx", CASE)]


def test_clear_signed_letter_keeps_its_files_and_not_its_signature(tmp_path: Path) -> None:
    entity = signed(Encoding.SMIME, pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary)

    read = read_raw(HEAD.replace("MIME-Version: 1.0\n", "").encode() + entity, tmp_path)

    assert (read.letter.text, read.letter.signed) == ("请查收附件。", "smime")
    assert read.files == [("案例.docx", CASE)]


@pytest.mark.parametrize(
    "signature",
    [
        'Content-Type: application/pgp-signature; name="signature.asc"',
        'Content-Type: application/octet-stream; name="smime.p7s"',
        "Content-Type: application/octet-stream",
        'Content-Type: text/plain; name="signature.asc"',
    ],
)
def test_signature_part_of_a_signed_letter_is_no_file_whatever_it_is_called(signature: str, tmp_path: Path) -> None:
    body = b"--b\r\n" + content() + f"\r\n--b\r\n{signature}\r\n\r\niQEzBAABCAAdFiEE\r\n--b--\r\n".encode()

    read = read_raw(
        headed(f'{HEAD}Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b', body),
        tmp_path,
    )

    assert (read.letter.signed, read.files) == ("pgp", [("案例.docx", CASE)])


def test_document_in_place_of_the_signature_is_kept(tmp_path: Path) -> None:
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-Type: application/msword; name=a.doc\r\n\r\nD\r\n--b--\r\n"

    read = read_raw(headed(f"{HEAD}Content-Type: multipart/signed; boundary=b", body), tmp_path)

    assert read.files == [("a.doc", b"D")]


def test_locked_letter_is_recognised_and_its_envelope_is_no_file(tmp_path: Path) -> None:
    read = read_raw(p7m(locked()), tmp_path)

    assert (read.letter.encrypted, read.letter.text, read.files, read.reading.problem) == ("smime", "", [], None)


def test_locked_part_beside_files_is_kept_as_one_of_them(tmp_path: Path) -> None:
    whole = MIMEMultipart("mixed")
    part = MIMEBase("application", "pkcs7-mime", name="smime.p7m")
    part.set_payload(locked())
    encoders.encode_base64(part)
    whole.attach(part)
    whole.attach(MIMEApplication(CASE, name="a.docx"))

    read = read_raw(HEAD.encode() + whole.as_bytes(policy=policy.SMTP), tmp_path)

    assert read.letter.encrypted == "smime"
    assert [name for name, _ in read.files] == ["a.docx", "smime.p7m"]


def test_content_both_signed_and_locked_inside_is_recognised(tmp_path: Path) -> None:
    read = read_raw(p7m(indefinite(as_entity(locked()))), tmp_path)

    assert (read.letter.signed, read.letter.encrypted, read.files) == ("smime", "smime", [])


@pytest.mark.parametrize(
    "data", [b"", b"0", b"\x30\x80", b"no asn.1 at all", b"\x30\x82\xff\xff" + bytes(50), b"\x24\x80" * 5_000]
)
def test_p7m_that_cannot_be_opened_stays_a_file(data: bytes, tmp_path: Path) -> None:
    read = read_raw(p7m(data), tmp_path)

    assert (read.letter.encrypted, read.letter.signed) == ("", "")
    assert [name for name, _ in read.files] == ["smime.p7m"]


def test_compressed_content_is_unpacked_no_further_than_allowed() -> None:
    packed = zlib.compress(bytes(10_000_000))
    compressed = bytes.fromhex("060b2a864886f70d0109100109")
    inner = (
        bytes.fromhex("30800609 2a864886f70d010701 a0802480".replace(" ", ""))
        + b"\x04\x82"
        + len(packed).to_bytes(2, "big")
        + packed
        + bytes(6)
    )
    algorithm = bytes.fromhex("300d060b2a864886f70d0109100308")
    data = b"\x30\x80" + compressed + b"\xa0\x80\x30\x80\x02\x01\x00" + algorithm + inner + bytes(6)

    opened = open_cms(data, most_bytes=1_000)

    assert opened == Unwrapped("compressed", bytes(1_000))


PGP_MIME = (
    b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    b"--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n--b--\r\n"
)  # fmt: skip


@pytest.mark.parametrize(
    "kind", ['multipart/encrypted; protocol="application/pgp-encrypted"', "multipart/mixed"], ids=["rfc", "exchange"]
)
def test_pgp_mime_is_recognised_also_as_exchange_rewrites_it(kind: str, tmp_path: Path) -> None:
    read = read_raw(headed(f"{HEAD}Content-Type: {kind}; boundary=b", PGP_MIME), tmp_path)

    assert (read.letter.encrypted, read.files) == ("pgp", [])


def test_armour_in_the_text_is_recognised_and_left_out(tmp_path: Path) -> None:
    armour = "-----BEGIN PGP MESSAGE-----\nVersion: GnuPG v2\n\nhQEMA5\n=abcd\n-----END PGP MESSAGE-----\n"

    read = read_raw(headed(f"{HEAD}Content-Type: text/plain; charset=utf-8", f"您好，\n\n{armour}"), tmp_path)

    assert (read.letter.encrypted, read.letter.text) == ("pgp", "您好，")


def test_armour_that_is_only_quoted_locks_nothing(tmp_path: Path) -> None:
    body = "这封信打不开，请重发。\n\n> -----BEGIN PGP MESSAGE-----\n> hQEMA5\n> -----END PGP MESSAGE-----\n"

    read = read_raw(headed(f"{HEAD}Content-Type: text/plain; charset=utf-8", body), tmp_path)

    assert (read.letter.encrypted, read.letter.text) == ("", "这封信打不开，请重发。")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n请查收。\n- - 一、背景\n-----BEGIN PGP SIGNATURE-----\n\niQE=\n-----END PGP SIGNATURE-----\n", "请查收。\n- 一、背景\n\n"),
        ("-----BEGIN PGP SIGNED MESSAGE-----\n\n请查收。\n", "请查收。\n"),
        ("没有签名", "没有签名"),
    ],
)  # fmt: skip
def test_signed_armour_leaves_the_signed_text(text: str, rest: str) -> None:
    assert without_armour(text) == (rest, False, "BEGIN PGP" in text)


@pytest.mark.parametrize(
    "text",
    [
        "您好，这是一封加密邮件，请点击下面的链接，输入密码查看邮件内容。",
        "这是一封加密邮件\n请下载附件，转发到任意网易邮箱，输入密码后即可查看。",
        "jinan@qq.com 给您发送了一封加密邮件，请向发件人索取密码。",
        "本邮件已被发件人加密，请输入密码解密。",
        "此邮件为加密邮件，查看密码请联系发件人。",
        "這是一封加密郵件，請輸入密碼開啟。",
        "Jinan (jinan@outlook.com) has sent you a protected message.\n\nRead the message",
    ],
)
def test_notice_of_a_mail_service_is_recognised(text: str, tmp_path: Path) -> None:
    read = read_raw(headed(f"{HEAD}Content-Type: text/plain; charset=utf-8", text), tmp_path)

    assert read.letter.encrypted == "provider"


@pytest.mark.parametrize(
    "text",
    [
        "附件已加密，密码是1234，请查收。",
        "压缩包加密了，密码另行电话告知。",
        "请问可以发加密邮件吗？",
        "案例：一封加密邮件引出的邻里故事。" + "社区治理。" * 200 + "这是一封加密邮件，请输入密码查看。",
        "请勿发送加密邮件。",
        "",
    ],
)
def test_letter_that_only_speaks_of_locks_is_not_locked(text: str) -> None:
    assert is_service_notice(text) is False
