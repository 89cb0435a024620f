"""Every page an organizer can reach by following links, and what in a page is not the product's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html
from starlette.testclient import TestClient

from config.campaign import preset_text
from config.settings import load_settings
from intake.bootstrap import open_records
from intake.edges.clock import Clock
from intake.web.app import make_app

URL = "http://anli.example"
OWN_ELEMENTS = frozenset(
    (  # noqa: SIM905 -- a list of sixty would be one to a line
        "html head meta title link body header nav main footer section article aside div span p h1 h2 h3 a b strong em small i time br hr "
        "ul ol li dl dt dd table caption thead tbody tfoot tr th td form fieldset legend input button select option optgroup textarea "
        "label img figure figcaption details summary code pre progress svg g rect line path polyline circle text"
    ).split()
)
"""What the templates are written with; anything else came with a letter."""

ACTING = frozenset({"srcdoc", "ping", "background"})
OWN_MAIL = re.compile(r"/mails/\d+/page")
"""A letter of ours as its reader sees it: mail programs know no style sheet, so its elements are styled one by one."""


class Page(NamedTuple):
    """What one address gave."""

    path: str
    kind: str
    headers: dict[str, str]
    content: bytes


def walk(folder: Path, organizer: str, clock: Clock) -> tuple[Page, ...]:
    """Sign in as `organizer`, and get everything that pages link to on their own site, pictures and downloads too."""
    records = open_records(load_settings(folder), clock=clock)
    seen: dict[str, Page] = {}
    with TestClient(make_app(records, url=URL), base_url=URL) as client:
        client.post("/sign-in", data={"address": organizer})
        with records.store.read() as view:
            mail = view.outgoing.after(0)[-1]
        link = re.search(rf"{re.escape(URL)}(/enter/[\w-]+)", _plain(mail.raw))
        assert link is not None
        assert client.post(link[1]).status_code == 200
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            answer = client.get(path, follow_redirects=False)
            kind = answer.headers.get("content-type", "").partition(";")[0]
            seen[path] = Page(path, kind, dict(answer.headers), answer.content)
            if kind == "text/html":
                waiting += [each for each in _links(answer.content, path) if each not in seen]
    return tuple(seen.values())


def organize(folder: Path, organizer: str) -> None:
    """Name an organizer in the campaign file of the working folder."""
    text = preset_text("huli-2022")
    named = f'[campaign]\norganizers = [{{ name = "王老师", address = "{organizer}" }}]\n'
    (folder / "campaigns").mkdir(exist_ok=True)
    (folder / "campaigns" / "huli-2022.toml").write_text(text.replace("[campaign]\n", named, 1), encoding="utf-8")


def strange(page: Page) -> Iterator[str]:
    """What in a page acts, leads away, or was not written by a template of ours."""
    if page.kind != "text/html":
        disposition = page.headers.get("content-disposition", "")
        if page.headers.get("x-content-type-options") != "nosniff":
            yield f"{page.path}: a browser may guess what it is"
        if not page.kind.startswith("image/") and page.kind != "text/css" and "attachment" not in disposition:
            yield f"{page.path}: {page.kind} is shown, not saved"
        return
    if "default-src" not in page.headers.get("content-security-policy", ""):
        yield f"{page.path}: no policy"
    for element in lxml.html.document_fromstring(page.content.decode("utf-8")).iter(lxml.html.etree.Element):
        if element.tag not in OWN_ELEMENTS:
            yield f"{page.path}: element {element.tag}"
        for name, value in ((str(one), str(other)) for one, other in element.attrib.items()):
            if name.startswith("on") or name in ACTING or (name == "style" and not OWN_MAIL.fullmatch(page.path)):
                yield f"{page.path}: {name} of {element.tag!s}"
            if name in {"href", "src", "action", "formaction"} and _leads_away(value):
                yield f"{page.path}: {name} leads to {value}"


def _leads_away(address: str) -> bool:
    parts = urlsplit(address.strip())
    return parts.scheme not in {"", "http", "https", "mailto"} or parts.netloc not in {"", urlsplit(URL).netloc}


def _links(content: bytes, base: str) -> Iterator[str]:
    for element in lxml.html.document_fromstring(content.decode("utf-8")).iter("a", "img", "link"):
        address = urldefrag(urljoin(base, str(element.get("href") or element.get("src") or "")))[0]
        if address.startswith("/") and not _leads_away(address):
            yield address


def _plain(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())
