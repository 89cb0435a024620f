"""An order given on what somebody sees holds for what they saw, and once. Peer: the caller's unit of work; nothing is written."""

from __future__ import annotations

from intake.deciding.giving import order_from_json
from intake.errors import OperatorError
from intake.orders import Order
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


class RepeatedOrderError(OperatorError):
    """The same order was carried out already since its giver was shown the case: a button pressed twice."""

    def __init__(self) -> None:
        super().__init__("这一项刚才已经办理，没有再办一次。")


def newest_order(view: View, number: str, *, campaign: str) -> int:
    """The id of the latest order on a case, or with no number on the whole of `campaign`; 0 when there is none."""
    if not number:
        return max((each.id for each in view.orders.done_on_all(campaign)), default=0)
    case = view.cases.by_number(number)
    return max((each.id for each in view.orders.of_case(case.id)), default=0) if case is not None else 0


def refuse_repeated(view: View, order: Order, *, who: str, campaign: str, after: int) -> None:
    """Raise RepeatedOrderError when `who` has given just this order after the stored one `after`, and it stands."""
    case = view.cases.by_number(order.numbers[0]) if order.numbers else None
    given = view.orders.of_case(case.id) if case is not None else view.orders.done_on_all(campaign)
    since = (record for record in given if record.id > after and (record.state, record.who) == ("done", who))
    if any(record.terms is not None and order_from_json(record.terms) == order for record in since):
        raise RepeatedOrderError
