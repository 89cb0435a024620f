"""A process that collects a folder of letters once, and says after each COMMIT which letters it has on record.

As a script: `python -m tests.reliability.collect_once FOLDER [FAULT]`; for a tracer that sees the system calls.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

TELLS = 2
"""The descriptor on which it says `on record: …`."""


def main() -> int:
    """Run as the module's docstring says."""
    from sqlalchemy.engine.default import DefaultDialect

    from config.settings import load_settings
    from intake.bootstrap import open_records, running_service
    from intake.edges.executors.inline import InlineExecutor
    from tests.reliability import faults

    folder, *fault = sys.argv[1:]
    for name in fault:
        getattr(faults, name)()
    dialect_class: Any = DefaultDialect
    do_commit, told = dialect_class.do_commit, set()

    def committed(dialect: Any, connection: Any) -> None:
        cursor = connection.cursor()
        rows = cursor.execute("SELECT sha256 FROM letters").fetchall() if _has_tables(cursor) else []
        cursor.close()
        do_commit(dialect, connection)
        for (sha256,) in rows:
            if sha256 not in told:
                told.add(sha256)
                os.write(TELLS, f"on record: {sha256}\n".encode())

    dialect_class.do_commit = committed
    with running_service(open_records(load_settings(Path(folder))), executor=InlineExecutor()) as service:
        service.collect.turn()
    return 0


def _has_tables(cursor: Any) -> bool:
    return cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'letters'").fetchone() is not None


if __name__ == "__main__":
    sys.exit(main())
