"""Which tests one worker process takes, and which come first: a file is one piece of work, the longest first.

What the tests of a file share is dear: a fortnight in which a worker dies at every step, a demo, an office program. Spread
over worker processes it would be made by each of them. Files that name the same `xdist_group` go together. The mark is
read from the files: as pytest-xdist 3.8 hands it on, pytest 9.2 no longer sees it.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # ships none

LONGEST = (
    "tests/reliability/test_crash_matrix.py",
    "tests/e2e/test_scripted_conversations.py",
    "tests/parsers/documents/test_doc.py",
    "tests/e2e/faults/test_faults_on_the_wire.py",
    "tests/parsers/test_corpus.py",
    "tests/e2e/test_many_letters.py",
    "tests/intake/demo/test_demo_play.py",
    "tests/e2e/test_killed_worker.py",
    "tests/reliability/test_random_kills.py",
    "tests/e2e/test_worker_process.py",
    "tests/storage/test_many_writers.py",
    "tests/hostile/test_patterns.py",
    "tests/fuzz/test_file_mutations.py",
)
"""Half a minute of work and more, longest first: begun last, one of them would be waited for alone."""
_GROUP = re.compile(r"""xdist_group\(\s*(?:name=)?["']([^"']+)["']""")


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # as above
    """Gives every worker whole files, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return _piece(self.config.rootpath / nodeid.partition("::")[0])


def make_scheduler(config: pytest.Config, log: object) -> FilesTogether:
    """For `--dist loadgroup`."""
    config.option.loadscopereorder = False  # it would begin with the files of most tests
    return FilesTogether(config, log)


def put_longest_first(items: list[pytest.Item], root: Path) -> None:
    """Order collected tests: those of `LONGEST`, then the others as they were."""
    ranks = {root / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@functools.cache
def _piece(file: Path) -> str:
    """The group a file names, else the file itself."""
    named = _GROUP.search(file.read_text(encoding="utf-8"))
    return named[1] if named else str(file)
