"""Who may come in: a one-time link by mail opens a session. Secrets are stored as hashes alone.

Peers: the database, the outbox (the worker sends the mail).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from intake.calls import Call
from intake.edges.clock import Clock
from intake.edges.outbox import Outbox, new_token
from intake.web.letter import write_sign_in
from storage.rows.sign_ins import SignIn
from storage.store import Store

LINK_GOOD_FOR = timedelta(minutes=30)
SESSION_GOOD_FOR = timedelta(hours=12)
LINKS_AT_MOST = 5
"""Links one address is sent in an hour: a stranger cannot fill an organizer's mailbox."""


@dataclass(frozen=True, slots=True)
class Guest:
    """An organizer who has come in."""

    who: str
    """The name decisions are recorded under."""
    address: str
    csrf: str
    """What every form of this session must carry."""


class Door:
    """Lets organizers in."""

    def __init__(self, store: Store, outbox: Outbox, calls: Mapping[str, Call], *, clock: Clock, url: str) -> None:
        """`url`: how organizers reach the page, without a slash at its end."""
        self._store = store
        self._outbox = outbox
        self._calls = calls
        self._clock = clock
        self._url = url

    def send_link(self, address: str) -> bool:
        """Queue the mail with a link; False when the address is no organizer's or has had enough for now.

        The answer is not for the visitor's eyes: it would tell strangers who the organizers are. Raises: StorageError.
        """
        link = self.make_link(address)
        if link is None:
            return False
        who, address, url = link
        now = self._clock.now()
        call = next(iter(self._calls.values()))
        with self._store.write() as work:
            self._outbox.put(
                work,
                write_sign_in(who, url, tag=call.campaign.tag, minutes=int(LINK_GOOD_FOR.total_seconds() // 60)),
                kind="sign_in",
                token=new_token(),
                recipient=address,
                sender_name=call.campaign.from_name,
                at=now,
            )
        return True

    def make_link(self, address: str) -> tuple[str, str, str] | None:
        """A fresh link for an organizer: name, address as in the campaign file, URL; None as with `send_link`."""
        found = self._organizer(address)
        if found is None:
            return None
        who, listed = found
        now, secret = self._clock.now(), secrets.token_urlsafe(24)
        with self._store.write() as work:
            work.sign_ins.forget(before_at=now - timedelta(days=1))
            if work.sign_ins.count_links(listed, since_at=now - timedelta(hours=1)) >= LINKS_AT_MOST:
                return None
            work.sign_ins.add(
                SignIn(
                    secret_sha256=_hash(secret),
                    purpose="link",
                    who=who,
                    address=listed.lower(),
                    created_at=now,
                    expires_at=now + LINK_GOOD_FOR,
                )
            )
        return who, listed, f"{self._url}/enter/{secret}"

    def knows_link(self, secret: str) -> bool:
        """Whether a link would open the door. It is not used up by that: scanners of mail follow links."""
        with self._store.read() as view:
            return view.sign_ins.get(_hash(secret), purpose="link", now=self._clock.now()) is not None

    def enter(self, secret: str) -> str | None:
        """Use a link up; the secret of the session it opens, None when it is good no more."""
        now, session = self._clock.now(), secrets.token_urlsafe(32)
        with self._store.write() as work:
            link = work.sign_ins.get(_hash(secret), purpose="link", now=now)
            if link is None or not work.sign_ins.end(link.secret_sha256, at=now):
                return None
            opened = SignIn(
                secret_sha256=_hash(session),
                purpose="session",
                who=link.who,
                address=link.address,
                created_at=now,
                expires_at=now + SESSION_GOOD_FOR,
            )
            work.sign_ins.add(opened)
        return session

    def guest(self, session: str) -> Guest | None:
        """Whose session it is; None when it is nobody's, has expired, or its owner is no organizer any more."""
        with self._store.read() as view:
            found = view.sign_ins.get(_hash(session), purpose="session", now=self._clock.now())
        if found is None or self._organizer(found.address) != (found.who, self._listed(found.address)):
            return None
        return Guest(found.who, found.address, csrf_of(session))

    def leave(self, session: str) -> None:
        """End a session."""
        with self._store.write() as work:
            work.sign_ins.end(_hash(session), at=self._clock.now())

    def _organizer(self, address: str) -> tuple[str, str] | None:
        """Name and address of the organizer with this address, as the first campaign that lists it writes them."""
        wanted = address.strip().lower()
        for call in self._calls.values():
            for organizer in call.campaign.organizers:
                if organizer.address.lower() == wanted:
                    return organizer.name, organizer.address
        return None

    def _listed(self, address: str) -> str | None:
        found = self._organizer(address)
        return found[1] if found else None


def csrf_of(session: str) -> str:
    """What forms of a session carry: it follows from the session's secret and does not tell it."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
