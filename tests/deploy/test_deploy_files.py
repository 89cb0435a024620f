"""What lies in `deploy/` names only what exists, and the service manager and the shell take it as it stands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from intake.cli.app import COMMANDS, GROUPS, command_line

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
EXPOSED_AT_MOST = 50
"""Of 100, in tenths of what `systemd-analyze security` prints; a unit without any hardening has 96."""


def unit(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def options_of(command: str) -> set[str]:
    """The options a command of ours takes."""
    found = typer.main.get_command(command_line()).get_command(None, command)  # type: ignore[attr-defined]  # a group has it
    return {option for parameter in found.params for option in parameter.opts}


@pytest.fixture
def analyze() -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing")
        pytest.skip("systemd-analyze is not installed")
    return program


def test_service_manager_finds_nothing_wrong_with_the_units(analyze: str, tmp_path: Path) -> None:
    for name in UNITS:
        # The program is not installed where the units expect it: the check wants some program there.
        (tmp_path / name).write_text(unit(name).replace("/opt/case-intake/.venv/bin/intake", "/bin/true"), "utf-8")

    ran = subprocess.run(
        [analyze, "verify", "--man=no", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_service_is_shut_in(analyze: str, name: str) -> None:
    ran = subprocess.run(
        [analyze, "security", "--offline=true", f"--threshold={EXPOSED_AT_MOST}", str(DEPLOY / name)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-400:]


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_service_runs_a_command_there_is_as_nobody_special(name: str) -> None:
    text = unit(name)
    called = re.findall(r"/opt/case-intake/\.venv/bin/intake (\w+)((?: --[\w-]+)*)", text)

    assert len(called) == 1
    command, options = called[0]
    assert set(options.split()) <= options_of(command)
    assert "User=case-intake" in text.splitlines()


def test_wrong_settings_are_not_started_again() -> None:
    assert "RestartPreventExitStatus=2" in unit("case-intake.service").splitlines()


def test_image_copies_only_what_there_is_and_everything_that_is_packed() -> None:
    lines = [line.strip() for line in unit("Containerfile").replace("\\\n", " ").splitlines()]
    copied = [
        source
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in shlex.split(line)[1:-1]
    ]
    allowed = [line[1:] for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    packed = re.search(r"(?m)^packages = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert [name for name in copied if not (ROOT / name.lstrip("./")).exists()] == []
    assert sorted(name.lstrip("./") for name in copied) == sorted(allowed)
    assert packed is not None
    assert set(re.findall(r'"(\w+)"', packed.group(1))) <= {name.lstrip("./") for name in copied}


def test_image_runs_the_service_as_nobody_special() -> None:
    lines = unit("Containerfile").splitlines()

    assert lines.index("USER case-intake") < lines.index('ENTRYPOINT ["tini", "--", "intake"]')
    assert lines[-1] == 'CMD ["run"]'
    assert sum(line.startswith("FROM ") for line in lines) == 2


def test_every_command_the_page_tells_to_type_is_one_there_is() -> None:
    commands = {name for under_heading in COMMANDS.values() for name in under_heading} | set(GROUPS)
    text = (DEPLOY / "README.md").read_text("utf-8")

    assert set(re.findall(r"(?<!/case-)\bintake(?:\.exe\\\")? ([a-z]+)\b", text)) <= commands
    named = re.findall(r"deploy/([\w.-]+\.(?:service|timer))", text)
    assert [name for name in named if not (DEPLOY / name).exists()] == []
