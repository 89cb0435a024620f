"""The office program is shut in, limited, and never outlives who asked for it; a script stands in where it must misbehave."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.cage import landlock, running
from parsers.documents.office import ConversionError, OfficeProgram, converted_to_docx
from parsers.documents.office.profile import write_profile
from parsers.errors import LimitError
from parsers.limits import DEFAULT_LIMITS, Limits
from tests.conftest import RequireServer
from tests.kernel import kernel_has_landlock
from tests.parsers.cage.knocks import counting_server
from tests.parsers.cage.processes import running_with, wait_until
from tests.parsers.documents.office_files import SavedCase

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [
    pytest.mark.xdist_group("office"),
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces and parent-death signals are Linux's"),
]


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[[str], OfficeProgram]:
    """An office program that is a shell script."""

    def write(script: str) -> OfficeProgram:
        executable = tmp_path / "office" / "program" / "soffice.bin"
        executable.parent.mkdir(parents=True)
        executable.write_text(f"#!/bin/sh\nmkdir -p converted\n{script}\n", encoding="utf-8")
        executable.chmod(0o755)
        return OfficeProgram(executable, executable.parent.parent, "0")

    return write


def _convert(office: OfficeProgram, job: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    """What the program wrote, as text."""
    source = job.parent / "source.doc"
    source.write_bytes(b"x")
    with converted_to_docx(
        source, office, suffix=".doc", import_filter="MS Word 97", job=job, limits=limits
    ) as converted:
        return converted.read_text(encoding="utf-8", errors="replace")


@pytest.mark.usefixtures("walls")
def test_a_program_that_hangs_is_ended_with_all_it_started(stand_in: Callable[[str], OfficeProgram], job: Path) -> None:
    office = stand_in("sleep 60.25 & sleep 60.25")

    with pytest.raises(ConversionError) as caught:
        _convert(office, job, Limits(wall_seconds=1.0))

    assert caught.value.why == "timed_out"
    assert wait_until(lambda: not running_with("sleep 60.25"))
    assert list(job.iterdir()) == []


@pytest.mark.usefixtures("walls")
def test_a_killed_reader_takes_the_program_with_it(
    stand_in: Callable[[str], OfficeProgram], job: Path, walls: str
) -> None:
    office = stand_in("exec sleep 61.5")
    (job.parent / "source.doc").write_bytes(b"x")
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(office.executable), str(job), walls], cwd=ROOT, stdin=subprocess.DEVNULL
    )
    started = wait_until(lambda: bool(running_with("sleep 61.5")))

    reader.kill()
    reader.wait()

    assert started
    assert wait_until(lambda: not running_with("sleep 61.5"))


_READER = """
import sys
from pathlib import Path
from parsers.cage import running
from parsers.documents.office import OfficeProgram, converted_to_docx
from parsers.limits import DEFAULT_LIMITS
executable, job = Path(sys.argv[1]), Path(sys.argv[2])
if sys.argv[3] != "sandboxed":
    running.find_sandbox = lambda: None
office = OfficeProgram(executable, executable.parent.parent, "0")
with converted_to_docx(
    job.parent / "source.doc", office, suffix=".doc", import_filter="MS Word 97", job=job, limits=DEFAULT_LIMITS
):
    pass
"""


@pytest.mark.usefixtures("walls")
def test_limits_are_the_program_s_own_not_the_reader_s(stand_in: Callable[[str], OfficeProgram], job: Path) -> None:
    office = stand_in("{ ulimit -S -v; ulimit -S -t; ulimit -H -f; ulimit -c; } > converted/document.docx")

    told = _convert(office, job, Limits(cpu_seconds=7, file_bytes=1_024_000))

    # In units of the shell: kilobytes, seconds, blocks of 512 bytes.
    assert told.split() == [str(6_000_000_000 // 1024), "7", "2000", "0"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("ln -s /etc/hostname converted/document.docx", "failed"),
        ("mkdir converted/document.docx", "failed"),
        ("true", "refused"),
        ("exit 3", "failed"),
        ("kill -SEGV $$", "failed"),
    ],
    ids=["link to a file of ours", "folder", "nothing", "bad end", "crash"],
)
def test_what_is_no_plain_file_of_its_own_is_not_taken(
    stand_in: Callable[[str], OfficeProgram], job: Path, script: str, why: str
) -> None:
    with pytest.raises(ConversionError) as caught:
        _convert(stand_in(script), job)

    assert caught.value.why == why
    assert list(job.iterdir()) == []


def test_a_first_start_that_only_registered_extensions_is_begun_again(
    stand_in: Callable[[str], OfficeProgram], job: Path
) -> None:
    office = stand_in("test -e seen && { echo second > converted/document.docx; exit 0; }; touch seen; exit 81")

    assert _convert(office, job) == "second\n"


def test_a_document_beyond_the_limit_is_not_handed_on(stand_in: Callable[[str], OfficeProgram], job: Path) -> None:
    office = stand_in("head -c 3000 /dev/zero > converted/document.docx")

    with pytest.raises((LimitError, ConversionError)):
        _convert(office, job, Limits(file_bytes=2000))

    assert list(job.iterdir()) == []


def test_the_program_converts_within_walls_of_landlock_where_there_is_no_bubblewrap(
    office: OfficeProgram, job: Path, monkeypatch: pytest.MonkeyPatch, require_server: RequireServer
) -> None:
    if not kernel_has_landlock():
        pytest.skip("this kernel has no Landlock")
    require_server("Landlock", landlock.abi() >= landlock.OLDEST_ABI)
    monkeypatch.setattr(running, "find_sandbox", lambda: None)
    source = job.parent / "case.rtf"
    source.write_bytes(b"{\\rtf1\\ansi One case.\\par}")

    with (
        converted_to_docx(
            source, office, suffix=".rtf", import_filter="Rich Text Format", job=job, limits=DEFAULT_LIMITS
        ) as converted,
        zipfile.ZipFile(converted) as package,
    ):
        text = package.read("word/document.xml").decode()

    assert "One case." in text
    assert list(job.iterdir()) == []


def test_a_picture_kept_as_a_link_is_never_fetched(
    office: OfficeProgram, saved_case: SavedCase, tmp_path: Path
) -> None:
    with counting_server() as (port, hits):
        linked = _with_linked_picture(saved_case.docx, tmp_path / "linked.docx", f"http://127.0.0.1:{port}/photo.jpg")
        for name in ("careless", "ours"):
            profile = tmp_path / name
            if name == "ours":
                write_profile(profile)
            _export(office, linked, profile)
            if name == "careless":
                fetched_by_default, hits[:] = list(hits), []

    assert fetched_by_default != []
    assert hits == []


def test_a_macro_that_starts_with_the_document_does_not_run(office: OfficeProgram, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    source = tmp_path / "macro.fodt"
    source.write_text(_MACRO.format(path=mark), encoding="utf-8")
    write_profile(tmp_path / "profile")

    saved = _export(office, source, tmp_path / "profile")

    assert saved.is_file()
    assert not mark.exists()


def _export(office: OfficeProgram, source: Path, profile: Path) -> Path:
    """`source` converted outside the cage, so that only the profile's settings hold it back."""
    folder = profile.with_suffix(".out")
    command = [str(office.executable), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "odt"]
    for _ in range(2):
        subprocess.run([*command, "--outdir", str(folder), str(source)], capture_output=True, timeout=60, check=False)
        if folder.is_dir():
            break
    return folder / f"{source.stem}.odt"


def _with_linked_picture(source: Path, target: Path, address: str) -> Path:
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as changed:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                data = data.replace(b"r:embed=", b"r:link=")
            if name == "word/_rels/document.xml.rels":
                data = data.replace(b'Target="media/image1.jpg"', f'TargetMode="External" Target="{address}"'.encode())
            if not name.startswith("word/media"):
                changed.writestr(name, data)
    return target


_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>
<ooo:library-embedded ooo:name="Standard"><ooo:module ooo:name="Module1"><ooo:source-code>Sub Main
Open "{path}" For Output As #1
Close #1
End Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"
 xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" xlink:type="simple"/>
</office:event-listeners></office:scripts>
<office:body><office:text><text:p>案例</text:p></office:text></office:body></office:document>
"""
