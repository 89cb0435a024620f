"""What holds for every answer of the page: who may ask, and what browsers are told. Pure but for the request.

Source: W3C Content Security Policy Level 3; Fetch Metadata; RFC 9110.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer that does not say otherwise itself."""
LARGEST_FORM_BYTES = 64_000


class Guard:
    """Refuses foreign hosts and origins and what is too large; adds the headers.

    A page of another site can make a browser send a form here; it cannot make it state our origin.
    The host is compared so that a name somebody lets point to this machine (DNS rebinding) opens nothing.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], uploads: Mapping[str, int]) -> None:
        """`hosts`: what the Host header may say, `name` or `name:port`, lower case; empty: anything.

        `uploads`: paths that take files, and how many bytes each takes.
        """
        self._app = app
        self._hosts = hosts
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        app: ASGIApp = self._app if refusal is None else refusal
        await app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if self._hosts and host not in self._hosts:
            return PlainTextResponse("请用设置里 [web] 的网址打开本页。\n", status_code=421)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return PlainTextResponse("不支持。\n", status_code=405)
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("请从本页面提交。\n", status_code=403)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return PlainTextResponse("请从本页面提交。\n", status_code=403)
        length = headers.get("content-length", "")
        largest = self._uploads.get(scope["path"], LARGEST_FORM_BYTES)
        # A chunked body goes on past any length stated beside it. Source: RFC 9112 section 6.3.
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > largest:
            return PlainTextResponse("提交的内容过大。请返回，分几次提交。\n", status_code=413)
        return None
