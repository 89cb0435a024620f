"""The page as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from intake.bootstrap import Records
from intake.web import (
    belonging,
    case,
    cases,
    deliveries,
    downloads,
    entrance,
    figures,
    health,
    letters,
    mails,
    orders,
    pictures,
    sending,
)
from intake.web.door import Door
from intake.web.guard import HEADERS, Guard
from intake.web.pending import PendingDeliveries
from intake.web.readers import PageReaders
from intake.web.site import Site, decided_by_guest, signed_in, site_of
from intake.web.uploads import LARGEST_UPLOAD_BYTES

_STATIC = Path(str(files("intake.web") / "static"))


def make_app(records: Records, *, url: str) -> Starlette:
    """The page over `records`; `url` is how organizers reach it, without a slash at its end.

    Requests under another host name are refused.
    """
    door = make_door(records, url=url)
    readers = PageReaders()
    shelf = pictures.PictureShelf(records, readers)
    pending = PendingDeliveries(records, readers)
    hosts = frozenset({urlsplit(url).netloc.lower()})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        readers.close()

    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, hosts=hosts, uploads={"/deliveries": LARGEST_UPLOAD_BYTES})],
        exception_handlers={404: _not_found, 500: _failed},
        lifespan=lifespan,
    )
    app.state.site = Site(
        records, door, shelf, downloads.FileShelf(records, readers), readers, pending, secure=url.startswith("https://")
    )
    return app


def make_door(records: Records, *, url: str) -> Door:
    """Who may come in to the page at `url`."""
    return Door(records.store, records.outbox, records.calls, clock=records.clock, url=url)


def _routes() -> list[Route | Mount]:
    return [
        Route("/", signed_in(cases.show_cases)),
        Route("/cases/{number}", signed_in(case.show_case)),
        Route("/cases/{number}/orders", decided_by_guest(orders.decide), methods=["POST"]),
        Route("/cases/{number}/undo", decided_by_guest(orders.undo), methods=["POST"]),
        Route("/campaigns/{campaign}/extend", decided_by_guest(orders.extend_campaign), methods=["POST"]),
        Route("/campaigns/{campaign}/undo", decided_by_guest(orders.undo_campaign), methods=["POST"]),
        Route("/cases/{number}/pictures/{sha256}", signed_in(pictures.show_thumbnail)),
        Route("/letters", signed_in(letters.show_letters)),
        Route("/letters/{key}", signed_in(letters.show_letter)),
        Route("/letters/{key}/raw", signed_in(letters.save_letter)),
        Route("/letters/{key}/files/{sha256}", signed_in(downloads.save_file)),
        Route("/letters/{key}/settle", decided_by_guest(belonging.settle), methods=["POST"]),
        Route("/letters/{key}/retry", decided_by_guest(letters.retry), methods=["POST"]),
        Route("/deliveries", signed_in(deliveries.show_form)),
        Route("/deliveries", deliveries.upload, methods=["POST"]),
        Route("/deliveries/pending/{token}", signed_in(deliveries.show_pending)),
        Route("/deliveries/pending/{token}", decided_by_guest(deliveries.register), methods=["POST"]),
        Route("/deliveries/pending/{token}/correct", decided_by_guest(deliveries.correct), methods=["POST"]),
        Route("/deliveries/pending/{token}/forget", decided_by_guest(deliveries.forget), methods=["POST"]),
        Route("/deliveries/{key}", signed_in(deliveries.show_registered)),
        Route("/deliveries/{key}/receipt", signed_in(deliveries.show_receipt)),
        Route("/mails/{id:int}", signed_in(mails.show_mail)),
        Route("/mails/{id:int}/page", signed_in(mails.show_page)),
        Route("/mails/{id:int}/attachments/{place:int}", signed_in(mails.save_attachment)),
        Route("/sending", signed_in(sending.show_sending)),
        Route("/sending", decided_by_guest(sending.decide), methods=["POST"]),
        Route("/sending/mails", decided_by_guest(sending.move), methods=["POST"]),
        Route("/figures", signed_in(figures.show_figures)),
        Route("/sign-in", entrance.ask),
        Route("/sign-in", entrance.send_link, methods=["POST"]),
        Route("/enter/{secret}", entrance.knock),
        Route("/enter/{secret}", entrance.enter, methods=["POST"]),
        Route("/leave", decided_by_guest(entrance.leave), methods=["POST"]),
        Route("/healthz", health.healthz),
        Route("/metrics", health.metrics),
        Route("/favicon.ico", _icon),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]


async def _icon(_request: Request) -> Response:
    """For pages that name no icon: browsers ask here."""
    return FileResponse(_STATIC / "icon.svg")


async def _not_found(request: Request, _error: Exception) -> Response:
    return site_of(request).show(
        None, "message.html.j2", title="没有找到", status=404, lines=["没有这一页。"], back="/"
    )


async def _failed(request: Request, _error: Exception) -> Response:
    """Ours to mend, and in the log; nothing of it is shown."""
    lines = ["这一页没能打开，原因已记入运行日志。刚才办理的如果没有见到“已办理”，就没有办理。请稍后再试。"]
    answer = site_of(request).show(None, "message.html.j2", title="暂时打不开", status=500, lines=lines, back="/")
    answer.headers.update(HEADERS)  # such an answer does not come through the guard
    return answer
