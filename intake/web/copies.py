"""The pages as files that open from disk, for looking without a server: links lead to each other, forms are left out.

Peer: the output folder (`OSError`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from intake.bootstrap import Records
from intake.web.app import make_app
from intake.web.site import COOKIE

if TYPE_CHECKING:
    from starlette.applications import Starlette

_HOST = "127.0.0.1"
_FORM = re.compile(r"<form\b[^<]*+(?:<(?!/?form\b)[^<]*+)*+</form>")
_LINK = re.compile(r'(?P<attribute>href|src)="(?P<path>/[^"]*)"')
_LAST = 2_000
"""Pages one copy may have."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    media_type: str
    body: bytes


def save_pages(records: Records, folder: Path, *, address: str) -> Path:
    """Write every page an organizer can reach from the list of cases into `folder`; where the first one lies.

    `address`: of a listed organizer, who is signed in for it. Raises: OSError, StorageError.
    """
    app = make_app(records, url=f"http://{_HOST}")
    app.state.site = replace(app.state.site, saved=True)
    door = app.state.site.door
    link = door.make_link(address)
    assert link is not None  # a listed organizer, asked for the first time
    session = door.enter(link[2].rpartition("/")[2])
    assert session is not None
    folder.mkdir(parents=True, exist_ok=True)
    names = {"/": "index.html", "/static/style.css": "style.css", "/static/icon.svg": "icon.svg"}
    for name in ("style.css", "icon.svg"):
        (folder / name).write_bytes((files("intake.web") / "static" / name).read_bytes())
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        answer = asyncio.run(_ask(app, path, session))
        if answer.status != 200:
            continue
        body = answer.body
        if answer.media_type.startswith("text/html"):
            body = _turned(body.decode("utf-8"), names, waiting).encode("utf-8")
        (folder / names[path]).write_bytes(body)
    door.leave(session)
    app.state.site.readers.close()
    return folder / "index.html"


def _turned(page: str, names: dict[str, str], waiting: list[str]) -> str:
    """The page with its links turned to files; pages not yet written join `waiting`."""

    def turn(link: re.Match[str]) -> str:
        path = link["path"].replace("&amp;", "&")
        if path not in names and len(names) < _LAST:
            names[path] = _name_of(path)
            waiting.append(path)
        return f'{link["attribute"]}="{names.get(path, "#")}"'

    return _LINK.sub(turn, _FORM.sub("", page))


def _name_of(path: str) -> str:
    plain = re.sub(r"[^\w.-]+", "-", unquote(path)).strip("-")
    return f"{plain}.jpg" if "/pictures/" in path else f"{plain}.html"


async def _ask(app: Starlette, path: str, session: str) -> _Answer:
    """What the application answers, without a socket. Source: ASGI HTTP connection scope 2.4."""
    said: list[Mapping[str, Any]] = []
    plain, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(plain),
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", _HOST.encode()), (b"cookie", f"{COOKIE}={session}".encode())],
        "client": (_HOST, 1),
        "server": (_HOST, 80),
    }

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]  # a mapping where the types want a mutable one
    headers = dict(said[0]["headers"])
    body = b"".join(message.get("body", b"") for message in said[1:])
    return _Answer(said[0]["status"], headers.get(b"content-type", b"").decode(), body)
