"""A letter with several cases: each filed and judged by itself, all answered at once."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy

import docx

from storage.records.correspondence import OutgoingRecord
from tests.e2e.material import case, photo, photos
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import Draft, File

BUREAU = "minzheng@huli.example.cn"
SUBJECT = "报送湖里区社区治理创新案例"
NAMES = {"grid_ledger": "金安社区", "kitchen_smoke": "高林社区", "river_stalls": "林后社区"}


def text_of(mail: OutgoingRecord) -> str:
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content


def archive(*, without_last_section: tuple[str, ...] = (), photos_each: int = 5) -> File:
    """A folder for each case, its text and photos inside."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for at, (name, unit) in enumerate(NAMES.items()):
            text = case(name, without_last_section=name in without_last_section)
            zipped.writestr(f"案例/{unit}/{text.name}", text.data)
            for picture in photos(100 * at, photos_each):
                zipped.writestr(f"案例/{unit}/照片/{picture.name}", picture.data)
    return File("报送案例.zip", packed.getvalue(), "application/zip")


def files_of(office: Office, number: str) -> list[tuple[str, str]]:
    """Name and role of the files of a case as it stands."""
    with office.records.store.read() as view:
        found = view.cases.by_number(number)
        assert found is not None
        files = view.cases.revisions(found.id)[-1].summary["files"]
    return [(file["name"], file["role"]) for file in files]


def test_archive_with_a_folder_for_each_case_is_answered_once_for_all(open_at: Open) -> None:
    office = open_at()
    record = office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(archive(),)))

    office.work()

    assert [(each.number, each.verdict) for each in office.cases()] == [
        ("HL22-0001", "accepted"),
        ("HL22-0002", "accepted"),
        ("HL22-0003", "accepted"),
    ]
    (receipt,) = office.answers()
    said = text_of(receipt)
    assert (receipt.kind, all(f"HL22-000{number}" in said for number in (1, 2, 3))) == ("receipt", True)
    assert [len(files_of(office, f"HL22-000{number}")) for number in (1, 2, 3)] == [6, 6, 6]
    assert office.letter(record).outcome == "filed"


def test_one_incomplete_case_of_three_makes_a_request_that_says_which(open_at: Open) -> None:
    office = open_at()
    packed = archive(without_last_section=("kitchen_smoke",))
    office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(packed,)))

    office.work()

    (asked,) = office.answers()
    paragraphs = [line for line in text_of(asked).splitlines() if "（HL22-000" in line]
    assert asked.kind == "fix_request"
    assert ["请予补充完善" in line for line in paragraphs] == [False, True, False]


def test_request_about_several_cases_carries_a_copy_for_each_that_has_a_place_to_mark(open_at: Open) -> None:
    office = open_at()
    packed = archive(without_last_section=("kitchen_smoke", "river_stalls"))
    office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(packed,)))

    office.work()

    (asked,) = office.answers()
    message = message_from_bytes(asked.raw, policy=policy.default)
    names = [part.get_filename() or "" for part in message.iter_attachments()]
    comments = [len([*docx.Document(io.BytesIO(part.get_content())).comments]) for part in message.iter_attachments()]
    assert [(name[:9], name.endswith("（批注）.docx")) for name in names] == [("HL22-0002", True), ("HL22-0003", True)]
    assert comments == [1, 1]
    assert f"随信附上“{names[0]}”、“{names[1]}”：在您发来的文档上" in text_of(asked)


def test_repair_of_one_of_three_touches_that_one_alone(open_at: Open) -> None:
    office = open_at()
    packed = archive(without_last_section=("kitchen_smoke",))
    office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(packed,)))
    office.work()
    (asked,) = office.answers()
    office.clock.advance(timedelta(minutes=5))
    office.arrives(Draft(subject="补充", sender=BUREAU, in_reply_to=asked.message_id, files=(case("kitchen_smoke"),)))

    office.work()

    assert [each.verdict for each in office.cases()] == ["accepted"] * 3
    repaired = office.answers()[-1]
    assert (repaired.kind, "HL22-0002" in text_of(repaired), "HL22-0001" in text_of(repaired)) == (
        "receipt",
        True,
        False,
    )
    assert len(files_of(office, "HL22-0002")) == 6


def test_same_archive_again_gets_the_numbers_there_are(open_at: Open) -> None:
    office = open_at()
    office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(archive(),)))
    office.work()
    again = office.arrives(Draft(subject=SUBJECT, text="怕没有收到，再发一次。", sender=BUREAU, files=(archive(),)))

    office.work(hours=2)

    note = office.answers()[-1]
    assert (office.letter(again).ignored, len(office.cases()), note.kind) == ("same_again", 3, "same_again")
    assert all(f"HL22-000{number}" in text_of(note) for number in (1, 2, 3))


def test_cases_that_wait_for_photos_are_answered_together_when_their_time_has_come(open_at: Open) -> None:
    office = open_at()
    office.arrives(Draft(subject=SUBJECT, text="照片稍后另发。", sender=BUREAU, files=(archive(photos_each=0),)))
    office.work()
    assert office.answers() == ()

    office.work(minutes=30)

    (asked,) = office.answers()
    assert (asked.kind, sum("（HL22-000" in line for line in text_of(asked).splitlines())) == ("fix_request", 3)


def test_photos_that_name_no_case_are_asked_about_and_shown(open_at: Open) -> None:
    office = open_at()
    texts = [File(f"{NAMES[name]}案例.docx", case(name).data, case(name).media_type) for name in list(NAMES)[:2]]
    loose = [File(f"IMG_{at}.jpg", photo(at).data, photo(at).media_type) for at in range(6)]
    record = office.arrives(Draft(subject=SUBJECT, sender=BUREAU, files=(*texts, *loose)))

    office.work()

    (answer,) = office.answers()
    said = text_of(answer)
    assert (answer.kind, "6个文件暂不能确定属于哪一个案例" in said, "还差" in said) == ("being_checked", True, False)
    assert [each.verdict for each in office.cases()] == ["needs_human", "needs_human"]
    evidence = office.letter(record).evidence
    assert evidence is not None
    assert evidence["for_person"] is True
