"""Can people see what we make: fonts for papers, the page for organizers? Peers: this machine's fonts, its ports."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from config.settings import Settings
from intake.calls import Call
from intake.cli.preflight.item import Item, fine, notice
from intake.edges.network import is_loopback

_MOST_PRIVILEGED_PORT = 1023


def look_at_fonts() -> tuple[Item, ...]:
    """Whether review documents can carry Chinese letters of their own, and whether pictures can be written as PNG."""
    from intake.edges.chart_png import drawing_font
    from intake.edges.review_pdf import embedded_font

    embedded, drawing = embedded_font(), drawing_font()
    if embedded is not None and drawing is not None:
        return (fine("字体", f"初审用的 PDF 内嵌 {embedded.name}，导出的统计图用 {drawing.name}"),)
    lacks = []
    if embedded is None:
        lacks.append("没有找到可以内嵌的中文字体，初审用的 PDF 用对方电脑上的宋体显示")
    if drawing is None:
        lacks.append("没有找到中文字体，导出的统计图只有 SVG，没有 PNG")
    advice = "在 Debian、Ubuntu 上可运行：sudo apt install fonts-wqy-zenhei。电脑和 WPS 一般都有宋体，不装也能看。"
    return (notice("字体", "；".join(lacks), advice),)


def look_at_page(settings: Settings, calls: Sequence[Call]) -> tuple[Item, ...]:
    """Whether the page for organizers can be opened, and by whom; nothing is left listening."""
    web = settings.web
    if not any(call.campaign.organizers for call in calls):
        return ()  # told with the campaign: there is nobody who could sign in
    where = web.url or f"http://{web.host}:{web.port}"
    if not is_loopback(web.host) and not web.url:
        advice = "请在前面放 HTTPS 反向代理，在 [web] 写 url，并把 host 改回 127.0.0.1。"
        return (notice("网页", f"{web.host} 让别的电脑也能打开，但没有写 url，传输不加密", advice),)
    if trouble := _cannot_listen(web.host, web.port):
        advice = "已经在运行 intake web 的不必处理；被别的程序占用的，请在 [web] 换一个 port。"
        return (notice("网页", f"{web.port} 端口{trouble}", advice),)
    return (fine("网页", f"运行 intake web 后在 {where} 打开，登录链接寄到 organizers 的邮箱"),)


def _cannot_listen(host: str, port: int) -> str:
    """Why not, in Chinese; empty when it can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError:
            return "不允许普通用户使用" if port <= _MOST_PRIVILEGED_PORT else "被系统保留，不能使用"
        except OSError:
            return "正在使用"
    return ""
