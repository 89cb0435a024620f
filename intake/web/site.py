"""What every page shares: the records, the visitor, the frame around the content."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.characters import without_unseen
from intake.bootstrap import Records
from intake.restraint import paused, stopped
from intake.web.counted import CountedCases
from intake.web.door import Door, Guest
from intake.web.pending import PendingDeliveries
from intake.web.readers import PageReaders
from intake.web.rendering import render
from intake.wording import clean_line, write_short_moment
from storage.unit_of_work import View

COOKIE = "intake_session"
_MOST_FIELDS = 100
T = TypeVar("T")


class Files(Protocol):
    """What hands out files of letters."""

    def take(self, letter: str, sha256: str) -> Path | None:
        """The file, alone in a folder that whoever gets it removes; None when the letter does not give it."""
        ...


class Pictures(Protocol):
    """What hands out small copies of pictures."""

    def get(self, sha256: str, *, wanted: Sequence[str], letters: Sequence[str]) -> bytes | None:
        """A JPEG; None when it cannot be shown."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """What pages are made from."""

    records: Records
    door: Door
    pictures: Pictures
    files: Files
    readers: PageReaders
    deliveries: PendingDeliveries
    secure: bool
    """Organizers reach the page through HTTPS."""
    saved: bool = False
    """Pages are written to files, where nothing can be done."""
    counted: CountedCases = field(default_factory=CountedCases)
    kept: dict[str, tuple[object, Any]] = field(default_factory=dict)
    """What is dear to make, by name, with what it was made of: good as long as that has not changed."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone of all times shown."""
        return self.records.settings.zone

    def keep(self, name: str, made_of: object, make: Callable[[], T]) -> T:
        """What `make` made the last time `made_of` was the same, else what it makes now."""
        found = self.kept.get(name)
        if found is not None and found[0] == made_of:
            kept: T = found[1]
            return kept
        made = make()
        self.kept[name] = (made_of, made)
        return made

    def show(
        self,
        guest: Guest | None,
        template: str,
        *,
        title: str,
        status: int = 200,
        view: View | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The page in its frame. `view`: the look at the records that is still open, so that no second one is opened."""
        mailbox = self.records.settings.mailbox.address
        held: list[tuple[str, str]] = []
        if guest is not None and view is not None:
            held = self._held(view)
        elif guest is not None:
            with self.records.store.read() as fresh:
                held = self._held(fresh)
        body = render(template, guest=guest, title=title, mailbox=mailbox, saved=self.saved, held=held, **values)
        return HTMLResponse(body, status_code=status)

    def _held(self, view: View) -> list[tuple[str, str]]:
        """Why letters do not leave at present, and what leads on to mending it; empty while they do."""
        pause, tripped = paused(view), stopped(view)
        waiting = view.outgoing.count_waiting() if pause is not None or tripped is not None else 0
        lines = []
        if pause is not None:
            by = "，".join(filter(None, (clean_line(pause.by), clean_line(pause.why, 200))))
            since = write_short_moment(pause.since_at, self.zone.key)
            lines.append((f"发信已暂停（自{since}起{f'，{by}' if by else ''}）：待发{waiting}封。", "去恢复"))
        if tripped is not None:
            since = write_short_moment(tripped.since_at, self.zone.key)
            why = clean_line(tripped.why, 200).rstrip("。")
            lines.append((f"回信自{since}起自动停下：{why}。待发{waiting}封。", "去核对、放行"))
        return lines


Form = dict[str, str]
Look = Callable[[Site, Request, Guest], Response]
Action = Callable[[Site, Request, Guest, Form], Response]


def site_of(request: Request) -> Site:
    """The site a request came to."""
    return site_of_app(request.app)


def site_of_app(app: Starlette) -> Site:
    """The site an application shows."""
    site: Site = app.state.site
    return site


def signed_in(look: Look) -> Callable[[Request], Any]:
    """For visitors who have come in; others are shown the way to the door. The view runs beside the event loop."""

    @wraps(look)
    async def handle(request: Request) -> Response:
        return await run_in_threadpool(_look, look, request)

    return handle


def decided_by_guest(action: Action) -> Callable[[Request], Any]:
    """For forms of visitors who have come in: their session's token is demanded before anything is done."""

    @wraps(action)
    async def handle(request: Request) -> Response:
        body = await request.body()
        return await run_in_threadpool(_act, action, request, read_form(body))

    return handle


def read_form(body: bytes) -> Form:
    """The fields of a form, without characters nobody sees; of several with one name the last; none when there are more
    than any form of ours has.

    Source: WHATWG URL, application/x-www-form-urlencoded.
    """
    text = body.decode("utf-8", "replace")
    try:
        fields = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: without_unseen(value) for name, value in fields}


def asked_of(request: Request, name: str) -> str:
    """What the address asks under `name`, without characters nobody sees; empty when nothing."""
    return without_unseen(request.query_params.get(name, "")).strip()


def _look(look: Look, request: Request) -> Response:
    site = site_of(request)
    guest = site.door.guest(request.cookies.get(COOKIE, ""))
    site.records.refresh()
    return look(site, request, guest) if guest is not None else RedirectResponse("/sign-in", status_code=303)


def _act(action: Action, request: Request, form: Form) -> Response:
    site = site_of(request)
    guest = site.door.guest(request.cookies.get(COOKIE, ""))
    if guest is None:
        return RedirectResponse("/sign-in", status_code=303)
    return action(site, request, guest, form) if is_from_our_form(form, guest) else stale_form(site, guest)


def is_from_our_form(form: Mapping[str, str], guest: Guest) -> bool:
    """Whether the fields carry what forms of this session carry."""
    return hmac.compare_digest(form.get("csrf", "").encode(), guest.csrf.encode())


def stale_form(site: Site, guest: Guest) -> Response:
    """The answer to a form that is not of this session."""
    lines = ["页面打开太久，请返回、刷新后再提交。"]
    return site.show(guest, "message.html.j2", title="请重新提交", status=403, lines=lines)
