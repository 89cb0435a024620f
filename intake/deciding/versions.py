"""An order given on what somebody sees holds for what they saw. Peer: the caller's unit of work; nothing is written."""

from __future__ import annotations

from intake.errors import OperatorError
from storage.unit_of_work import View


class UnseenVersionError(OperatorError):
    """A newer version of the case has come than the one its giver was shown."""

    def __init__(self, number: str, *, shown: int, newest: int) -> None:
        """`shown`, `newest`: which of the case's versions, 1 for the first; 0 for none."""
        super().__init__(f"{number} 刚刚收到了新的一版（第{newest}版），您看到的还不是这一版。")
        self.number = number
        self.shown = shown
        self.newest = newest


def refuse_unseen(view: View, number: str, *, shown: int) -> None:
    """Raise UnseenVersionError unless the version `shown` is the newest of the case; a case not known is left to others."""
    case = view.cases.by_number(number)
    if case is None:
        return
    newest = max((revision.ordinal for revision in view.cases.revisions(case.id)), default=0)
    if newest != shown:
        raise UnseenVersionError(case.number, shown=shown, newest=newest)
