"""Are there public advisories against what we are built from? Asks pip-audit, where it is installed and its feed reachable.

    python -m bench.advisories

Exit status 1 when there are advisories, 0 when there are none, and 0 with "not checked" and the reason otherwise:
a machine without a way out is no reason to stop a build, but never reads as "none".
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-ocr.lock")
SECONDS = 300.0


def main() -> int:
    """Print one line for each lock, and one for each advisory."""
    return max(check(ROOT / name) for name in LOCKS)


def check(lock: Path, *, program: str | None = None) -> int:
    """What is known against the packages of `lock`; the exit status."""
    program = program or shutil.which("pip-audit", path=str(Path(sys.executable).parent)) or shutil.which("pip-audit")
    if program is None:
        return _not_checked(lock, "pip-audit is not installed")
    command = [
        program,
        "--requirement",
        str(lock),
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return _not_checked(lock, type(error).__name__)
    try:
        packages = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = ran.stderr.strip().splitlines()
        return _not_checked(lock, lines[-1][:200] if lines else f"pip-audit ended with status {ran.returncode}")
    checked = [each for each in packages if "skip_reason" not in each]
    if not checked:
        return _not_checked(lock, f"the feed knows none of {len(packages)} packages")
    found = [f"{each['name']} {each['version']}: {vuln['id']}" for each in checked for vuln in each.get("vulns", ())]
    left = f", {len(packages) - len(checked)} not checked" if len(checked) < len(packages) else ""
    print(f"{lock.name}: {len(checked)} packages, {len(found)} advisories{left}", *found, sep="\n  ")
    return 1 if found else 0


def _not_checked(lock: Path, why: str) -> int:
    print(f"{lock.name}: not checked ({why})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
