"""Whatever starts a program shuts it in: a script looks around in the very cage each of them builds."""

from __future__ import annotations

import contextlib
import importlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from parsers.archives import unpacking
from parsers.archives.members import MemberSink
from parsers.cage import Cage, Caged, CageError, caged
from parsers.documents.ocr import launch
from parsers.documents.office import OfficeProgram, conversion, converted_to_docx
from parsers.documents.office.failure import ConversionError
from parsers.errors import ParserError
from parsers.limits import DEFAULT_LIMITS
from tests.parsers.cage.knocks import counting_server
from tests.parsers.cage.processes import wait_until

SHELL = str(Path("/bin/sh").resolve())

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the scripts are the shell's")


def _by_bsdtar(source: Path, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "find_bsdtar", lambda: Path("/usr/bin/bsdtar"))
    sink = MemberSink(job, DEFAULT_LIMITS, packed_bytes=1)
    unpacking.unpack_with_bsdtar(source.parent, source.name, {}, sink=sink, limits=DEFAULT_LIMITS)


def _by_unar(source: Path, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "find_unar", lambda: Path("/usr/bin/unar"))
    sink = MemberSink(job, DEFAULT_LIMITS, packed_bytes=1)
    unpacking.unpack_with_unar(source.parent, source.name, {}, sink=sink, limits=DEFAULT_LIMITS)


def _by_office(source: Path, job: Path, _: pytest.MonkeyPatch) -> None:
    office = OfficeProgram(Path("/usr/bin/soffice.bin"), Path("/usr/bin"), "0")
    with converted_to_docx(source, office, suffix=".doc", import_filter="MS Word 97", job=job, limits=DEFAULT_LIMITS):
        pass


def _by_recogniser(source: Path, _: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "is_installed", lambda: True)
    launch.read_scan_apart(source, DEFAULT_LIMITS)


USERS: dict[str, tuple[str, Callable[[Path, Path, pytest.MonkeyPatch], None]]] = {
    "bsdtar": (unpacking.__name__, _by_bsdtar),
    "unar": (unpacking.__name__, _by_unar),
    "office program": (conversion.__name__, _by_office),
    "recogniser": (launch.__name__, _by_recogniser),
}

LookAround = Callable[[str], str]


@pytest.fixture(params=USERS)
def look_around(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walls: str
) -> LookAround:
    """Runs a script in place of the user's program and gives what it prints. {ours}: a file beside the one that is read."""
    module, start = USERS[request.param]
    letter = tmp_path / "letter"
    (letter / "parts").mkdir(parents=True)
    (letter / "job").mkdir()
    (letter / "parts" / "case.doc").write_bytes(b"the file itself")
    (tmp_path / "others.eml").write_text("the letter of somebody else", encoding="utf-8")

    def run(script: str) -> str:
        heard: list[bytes] = []

        @contextmanager
        def instead(_: Sequence[str], cage: Cage, **__: object) -> Iterator[Caged]:
            start_in = f"cd {cage.writable or '/tmp'}; {script}"
            with caged((SHELL, "-c", start_in), cage, seconds=60.0, typed=b"", listened=True) as program:
                heard.append(program.output.read())
            raise CageError("timed_out")
            yield program

        monkeypatch.setattr(importlib.import_module(module), "caged", instead)
        with pytest.MonkeyPatch.context() as patched:
            _run_to_its_end(lambda: start(letter / "parts" / "case.doc", letter / "job", patched))
        (told,) = heard
        return told.decode("utf-8", "replace")

    return run


def _run_to_its_end(start: Callable[[], None]) -> None:
    """`start`, which ends as over a program that took too long, each user in its own way."""
    with contextlib.suppress(ConversionError, ParserError):
        start()


def _skip_without_walls(walls: str) -> None:
    if walls == "limits alone":
        pytest.skip("without walls files are only left alone")


def test_neither_our_files_nor_other_processes_are_there(look_around: LookAround, walls: str, tmp_path: Path) -> None:
    _skip_without_walls(walls)

    told = look_around(
        f"cat {tmp_path}/others.eml; ls /root /home {tmp_path} 2>&1; cat /etc/passwd; ls -d /proc/[0-9]*"
    )

    assert "somebody else" not in told
    assert "others.eml" not in told
    if walls == "sandboxed":  # Landlock cannot put another list of accounts in the place of the machine's
        assert [line for line in told.splitlines() if line.count(":") == 6] == [
            f"reader:x:{os.getuid()}:{os.getgid()}::/tmp:/bin/false"
        ]
    assert told.count("/proc/") <= 4


def test_nothing_can_be_written_but_the_one_folder(
    look_around: LookAround, walls: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    _skip_without_walls(walls)
    reads_only = request.node.callspec.params["look_around"] in {"bsdtar", "recogniser"}
    places = ("/usr/bin", "/etc", "/", str(tmp_path), str(tmp_path / "letter" / "parts"))

    told = look_around("; ".join(f"touch {place}/new 2>/dev/null" for place in places) + "; touch new && echo WRITTEN")

    # bubblewrap gives those that have no folder a /tmp of their own; Landlock has nothing to give.
    assert told == "WRITTEN\n" or (walls == "landlock" and told == "" and reads_only)
    assert list(tmp_path.rglob("new")) == []
    assert [place for place in places if Path(place, "new").exists()] == []


def test_our_environment_is_not_handed_on(look_around: LookAround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_SECRET", "password of the mailbox")

    told = look_around("env; echo $HOME $TMPDIR")

    assert "password of the mailbox" not in told
    assert "LC_ALL=C.UTF-8" in told.splitlines()


def test_the_network_is_out_of_reach(look_around: LookAround, walls: str) -> None:
    if walls == "limits alone" and subprocess.run(["unshare", "-rn", "true"], check=False).returncode:
        pytest.skip("this user may not have a network namespace here")
    with counting_server() as (port, hits):
        knock = f"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'"

        told = look_around(f"{knock} 2>&1; echo tried")

        from_inside = list(hits)
        subprocess.run(knock, shell=True, check=True)
        wait_until(lambda: bool(hits))
    assert told.endswith("tried\n")
    assert from_inside == []
    assert hits != []
