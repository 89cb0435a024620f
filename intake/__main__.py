"""`intake` and `python -m intake`: the one boundary between what went wrong and a person at the keyboard."""

from __future__ import annotations

import io
import os
import sys

USAGE = 2
"""Exit status: wrong usage, configuration, or surroundings that a person must mend."""
TRY_AGAIN = 75
"""Exit status (EX_TEMPFAIL of sysexits.h): the database cannot be used just now, or by us no more; a supervisor starts us again."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status. What a person can mend is said in plain words, without a traceback."""
    from intake.cli.app import run

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a title a Chinese Windows console cannot write is no crash
    try:
        return run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("\n已停止。\n")
        return 130
    except BrokenPipeError:
        # The reader of the pipe has seen enough. What is left in the buffer must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        from intake.cli.complaints import say
        from storage.errors import ReadOnlyError, StorageBusyError, SupersededError, UnreachableError

        said = say(error)
        if said is None:
            raise  # a bug: the traceback is for those who mend it
        sys.stderr.write(f"{said}\n")
        away = isinstance(error, (ReadOnlyError, StorageBusyError, UnreachableError)) and error.temporary
        return TRY_AGAIN if away or isinstance(error, SupersededError) else USAGE


if __name__ == "__main__":
    sys.exit(main())
