"""The way in and out. A link is used up by a button alone: scanners of mail follow links."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.web.door import LINK_GOOD_FOR, SESSION_GOOD_FOR, Guest
from intake.web.site import COOKIE, Form, Site, read_form, site_of


async def ask(request: Request) -> Response:
    """The page on which an organizer asks for a link."""
    return site_of(request).show(None, "sign_in.html.j2", title="登录")


async def send_link(request: Request) -> Response:
    """Send the link. The answer is the same for every address."""
    site = site_of(request)
    form = read_form(await request.body())
    await run_in_threadpool(site.door.send_link, form.get("address", ""))
    minutes = int(LINK_GOOD_FOR.total_seconds() // 60)
    lines = [
        "如果这个邮箱在组委会的名单里，登录链接马上会寄到。",
        f"链接{minutes}分钟内有效，只能用一次。没有收到，请看看垃圾邮件，并确认收件程序（intake run）正在运行。",
    ]
    return site.show(None, "message.html.j2", title="请查收邮件", lines=lines)


async def knock(request: Request) -> Response:
    """The page with the button."""
    site = site_of(request)
    secret = request.path_params["secret"]
    if not await run_in_threadpool(site.door.knows_link, secret):
        return _stale(site)
    return site.show(None, "enter.html.j2", title="进入", secret=secret)


async def enter(request: Request) -> Response:
    """Use the link up and open a session."""
    site = site_of(request)
    session = await run_in_threadpool(site.door.enter, request.path_params["secret"])
    if session is None:
        return _stale(site)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE,
        session,
        max_age=int(SESSION_GOOD_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=site.secure,
    )
    return answer


def leave(site: Site, request: Request, _guest: Guest, _form: Form) -> Response:
    """End the session."""
    site.door.leave(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


def _stale(site: Site) -> Response:
    lines = ["这个链接已经用过或者过期了。请重新登录，会再寄一个。"]
    return site.show(None, "message.html.j2", title="链接已失效", status=410, lines=lines, back="/sign-in")
