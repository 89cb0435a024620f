"""Who wrote, about what, with which files: our reading beside the standard library's, over every letter of the corpus.

The library is asked twice, by both its policies; where the two differ, either will do. What is
read otherwise on purpose stands here with the reason.
"""

from __future__ import annotations

import re
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from pathlib import Path

import pytest

from parsers.letter import read_letter, read_msg, read_tnef
from parsers.limits import DEFAULT_LIMITS

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")

NO_CHARSET = "raw bytes that name no charset: read as Chinese, since the mailbox is Chinese; the library gives up"
SUBJECTS = {
    "django-mailbox__message_with_single_byte_extended_subject_encoding.eml": NO_CHARSET,
    "mail-mime-parser__github-102-01.txt": NO_CHARSET,
    "mail-mime-parser__github-102-02.txt": NO_CHARSET,
    "mail-mime-parser__m0001.txt": NO_CHARSET,
    "mail-mime-parser__m0002.txt": NO_CHARSET,
    "mail-mime-parser__m0003.txt": NO_CHARSET,
    "mail-mime-parser__m0023.txt": NO_CHARSET,
    "mail-mime-parser__m2015.txt": NO_CHARSET,
    "mail-parser__020.eml": NO_CHARSET,
    "mail-parser__mail_test_9": "GB2312 label over GBK bytes: the library loses a character",
    "php-imap__imap_mime_header_decode_returns_false.eml": "base64 with a wrong letter in it: nobody knows",
    "php-mime-mail-parser__issue149": NO_CHARSET,
}
SENDERS = {
    "mail__raw_email_multiple_from.eml": "two addresses without a comma: one is taken, the other is the name",
    "mail__utf8_headers.eml": "a UTF-8 address: the library gives up",
    "set-of-emails__dos~lhost-dragonfly-01.eml": "MAILER-DAEMON <>: the system is named",
    "set-of-emails__lhost-barracuda-01.eml": "MAILER-DAEMON <>: the system is named",
}
SIGNATURE = "the signature of a signed letter is no file"
WRITTEN = "uuencoded in the text: the library does not open it"
FILES = {
    "enmime__mime-signed.raw": SIGNATURE,
    "flanker__outlook-express.eml": NO_CHARSET,
    "flanker__russian-attachment-yahoo.eml": NO_CHARSET,
    "flanker__signed.eml": SIGNATURE,
    "james-mime4j__badfile.msg": "a letter of one text with a name: it is the letter's words",
    "james-mime4j__sig-uu.msg": WRITTEN,
    "james-mime4j__uu-junk.msg": WRITTEN,
    "james-mime4j__uu-zeegee.msg": WRITTEN,
    "james-mime4j__x-gzip64.msg": "a letter of one text with a name: it is the letter's words",
    "mail-mime-parser__m0018.txt": WRITTEN,
    "mail-mime-parser__m0021.txt": "boundary written otherwise than announced: the library finds no parts",
    "mail-mime-parser__m2012.txt": NO_CHARSET,
    "mail-mime-parser__m2013.txt": NO_CHARSET,
    "mail-mime-parser__m3007.txt": NO_CHARSET,
    "mail-parser__015.eml": SIGNATURE,
    "mail-parser__017.eml": "no semicolon before the boundary: the library finds no parts",
    "mail__attachment_nonascii_filename.eml": NO_CHARSET,
    "mail__attachment_with_encoded_name.eml": NO_CHARSET,
    "mail__raw_email7.eml": SIGNATURE,
    "php-imap__issue-348.eml": "a UTF-8 name in raw bytes: the library gives up",
    "php-mime-mail-parser__m0025": "the picture behind the text is letter paper, no file",
    "php-mime-mail-parser__issue274.eml": "a letter sent in base64 against RFC 2046: kept as a file",
    "postal-mime__mimetorture.eml": SIGNATURE,
    "tika__testGroupWiseEml.eml": "a letter sent in base64 against RFC 2046: kept as a file",
    "set-of-emails__lhost-amavis-02.eml": "headers of a returned letter, named as a file: the library calls them a letter",
}


def letters() -> list[Path]:
    return [path for name in ("email", "email_dsn") for path in sorted((CORPUS / name).glob("*"))]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def decoded(value: object) -> str:
    """A header by `decode_header`, its pieces joined; those in a charset that is none are read as UTF-8."""
    try:
        pieces = decode_header(str(value or ""))
    except HeaderParseError:
        return ""
    return "".join(piece if isinstance(piece, str) else in_charset(piece, charset) for piece, charset in pieces)


def in_charset(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def standard_subjects(raw: bytes) -> set[str]:
    subjects = {bare(decoded(message_from_bytes(raw)["subject"]))}
    with suppress(AttributeError, IndexError, LookupError, ValueError):  # the newer policy gives up on some of them
        subjects.add(bare(str(message_from_bytes(raw, policy=policy.default)["subject"] or "")))
    return subjects


def standard_files(message: Message) -> list[str]:
    names = [decoded(part.get_filename()) for part in message.walk() if not part.is_multipart()]
    return sorted(bare(re.split(r"[/\\]", name)[-1]) for name in names if name)


def test_subject_sender_and_files_are_what_another_reader_finds(tmp_path: Path) -> None:
    subjects, senders, files = set(), set(), set()
    for number, path in enumerate(letters()):
        job = tmp_path / str(number)
        job.mkdir()
        reading = read_letter(path, job, DEFAULT_LIMITS)
        assert reading.letter is not None
        raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        message = message_from_bytes(raw)
        if bare(reading.letter.subject) not in standard_subjects(raw):
            subjects.add(path.name)
        sender = bare(reading.letter.sender.address) if reading.letter.sender else ""
        if sender != bare(next(iter(getaddresses([str(message["from"] or "")])), ("", ""))[1]):
            senders.add(path.name)
        if sorted(bare(member.name) for member in reading.members if member.name) != standard_files(message):
            files.add(path.name)

    assert (subjects, senders, files) == (set(SUBJECTS), set(SENDERS), set(FILES))


OUTLOOK = (
    ("email_msg/poi__53784_fails.msg", "Draft to La Tetra", "Amy,", ()),
    ("email_msg/poi__53784_succeeds.msg", "HAC Annual Report", "Mr. Aftergood,", ()),
    ("email_msg/poi__58214_with_attachment.msg", "Master mail", "Vestibulum orci purus,", ()),
    ("email_msg/poi__ASCII_CP1251_LCID1049.msg", "Subject автоматически Subject", "Body автоматически Body", ()),
    ("email_msg/poi__ASCII_UTF-8_CP1252_LCID1031.msg", "Subject öäü Subject", "Body öäü Body", ()),
    ("email_msg/poi__attachment_msg_inlineImg.msg", "How to use and check database files from device", "1.       Download", (("image001.png", 25862), ("image002.png", 2924), ("image003.png", 18852), ("image006.jpg", 29374))),
    ("email_msg/poi__blank.msg", "", "", ()),
    ("email_msg/poi__example_received_regular.msg", "This is a test message please ignore", "..less you are Nick", (("alfresco.gif", 16174),)),
    ("email_msg/poi__example_sent_unicode.msg", "This is a test message please ignore", "..less you are Nick", (("alfresco.gif", 16174),)),
    ("email_msg/poi__keywords.msg", "Test Keywords", "", ()),
    ("email_msg/poi__logsat.com_signatures_valid.msg", "test", "This is a valid digitally signed email.", ()),
    ("email_msg/tika__test-outlook.msg", "Microsoft Outlook Express 6", "La réponse à vos attentes", ()),
    ("email_msg/tika__test-outlook2003.msg", "Welcome to Microsoft Office Outlook 2003", "Thank you for using Microsoft® Office Outlook® 2003!", (("1.jpg", 1969), ("2.jpg", 1889), ("3.jpg", 2088), ("4.jpg", 1934), ("5.jpg", 2285), ("6.jpg", 2136), ("7.jpg", 1964), ("8.jpg", 1906), ("9.jpg", 1764), ("10.jpg", 1951), ("12.jpg", 1985))),
    ("email_msg/tika__testMSG_Contact.msg", "Quick Brown Fox Jr", "This was one quick brown fox.", ()),
    ("email_msg/tika__testMSG_Post.msg", "QuickBrownFox", "Is going to jump over the lazy brown dog!!!", ()),
    ("email_msg/tika__testMSG_StickyNote.msg", "This is a note about the quick brown fox", "This is a note", ()),
    ("email_msg/tika__testMSG_att_doc.msg", "test pièce jointe 1", "contenu", (("test-unicode.doc", 24064), ("pj1.txt", 89))),
    ("email_msg/tika__testMSG_forwarded.msg", "FW: Testing", "Forwarded Body", ()),
    ("email_msg/unstructured__fake-email-with-cc-and-bcc.msg", "Fake email with cc and bcc recipients", "This is a test email.", ()),
    ("email_msg/unstructured__fake-encrypted.msg", "", "", ()),
    ("email_tnef/MimeKit__attachments.tnef", "", "Casdasdfasdfasd", (("zappa_av1.jpg", 2937), ("bookmark.htm", 85805))),
    ("email_tnef/MimeKit__body.tnef", "Bill of Rights", "THE BILL OF RIGHTS", ()),
    ("email_tnef/MimeKit__data-before-name.tnef", "", "asdf", (("AUTOEXEC.BAT", 0), ("CONFIG.SYS", 0), ("boot.ini", 289))),
    ("email_tnef/MimeKit__garbage-at-end.tnef", "", "", ()),
    ("email_tnef/MimeKit__multi-value-attribute.tnef", "", "You received a voice mail", (("208225__5_seconds__Voice_Mail.mp3", 10656),)),
    ("email_tnef/MimeKit__panic.tnef", "Fw: VIKTIGT: Vill att någon av er gör följande ändringar i https://baka.spiderads.eu/", "", (("image001.jpg", 11250), ("image002.jpg", 9583), ("image003.png", 7147))),
    ("email_tnef/MimeKit__rtf.tnef", "", "aafgag'alga'kgk", ()),
    ("email_tnef/MimeKit__unicode-mapi-attr-name.tnef", "RE: [ZGLOSZENIE] THU#29044 Aktualizacja numerów w dodatkowych panelach", "Przesyłam poprawiony plik", (("image001.png", 3815), ("image002.png", 3573), ("image003.png", 3792), ("spaconsole2.cfg", 8387))),
    ("email_tnef/MimeKit__winmail.tnef", "", "1111111", (("Untitled Attachment", 29184), ("Untitled Attachment", 68608))),
)  # fmt: skip
"""Subject, how the text begins, names and sizes of the files: as python-oxmsg, tnefparse and a person read them."""


@pytest.mark.parametrize(("place", "subject", "opening", "files"), OUTLOOK, ids=lambda value: str(value)[:60])
def test_outlook_file_reads_as_others_read_it(
    place: str, subject: str, opening: str, files: tuple[tuple[str, int], ...], tmp_path: Path
) -> None:
    read = read_tnef if place.endswith(".tnef") else read_msg

    reading = read(CORPUS / place, tmp_path, DEFAULT_LIMITS)

    assert reading.letter is not None
    assert (reading.problem, reading.letter.subject) == (None, subject)
    assert reading.letter.text.startswith(opening)
    assert bool(reading.letter.text) == bool(opening)
    assert tuple((member.name, member.size_bytes) for member in reading.members) == files


def test_every_outlook_file_of_the_corpus_is_in_the_table() -> None:
    found = {f"{name}/{path.name}" for name in ("email_msg", "email_tnef") for path in (CORPUS / name).glob("*")}

    assert found == {row[0] for row in OUTLOOK}
