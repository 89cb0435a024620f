"""All nouns of one transaction together."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from storage.rows.bounces import BounceRows
from storage.rows.browsing import BrowsingRows
from storage.rows.cases import CaseRows
from storage.rows.deferrals import DeferralRows
from storage.rows.figures import FigureRows
from storage.rows.files import FileRows, ReadingRows
from storage.rows.leases import LeaseRows
from storage.rows.ledger import LedgerRows
from storage.rows.letters import LetterRows
from storage.rows.mailings import MailingRows
from storage.rows.orders import OrderRows
from storage.rows.outgoing import OutgoingRows
from storage.rows.purging import PurgeRows
from storage.rows.service import ServiceRows
from storage.rows.sightings import FolderRows, SightingRows
from storage.rows.sign_ins import SignInRows


class UnitOfWork:
    """One transaction, as `Store.write` and `Store.read` hand it out; of no use after its block ends.

    Keep it short: nothing slow (network, parsing, SMTP) belongs inside.
    """

    def __init__(self, connection: Connection) -> None:
        self._afterwards: list[Callable[[bool], None]] = []
        self.letters = LetterRows(connection)
        self.folders = FolderRows(connection)
        self.sightings = SightingRows(connection)
        self.files = FileRows(connection)
        self.readings = ReadingRows(connection)
        self.cases = CaseRows(connection)
        self.browsing = BrowsingRows(connection)
        self.outgoing = OutgoingRows(connection)
        self.mailings = MailingRows(connection)
        self.orders = OrderRows(connection)
        self.bounces = BounceRows(connection)
        self.deferrals = DeferralRows(connection)
        self.purging = PurgeRows(connection)
        self.service = ServiceRows(connection)
        self.leases = LeaseRows(connection)
        self.sign_ins = SignInRows(connection)
        self.figures = FigureRows(connection)
        self.ledger = LedgerRows(connection)

    def when_over(self, act: Callable[[bool], None]) -> None:
        """Have `act` called once after the transaction, in its thread: True when it was committed, else False."""
        self._afterwards.append(act)

    def end(self, *, committed: bool) -> None:
        """Call what waits for the transaction's end; only whoever opened it does."""
        waiting, self._afterwards = self._afterwards, []
        for act in waiting:
            act(committed)


View = UnitOfWork
"""The name for callers that only read: they take what `Store.read` hands out, or a writing unit as well."""
