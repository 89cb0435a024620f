"""`intake web`: the page for organizers."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from intake.cli.folder import records_of
from intake.errors import OperatorError


def serve(folder: Path, *, port: int | None) -> int:
    """Serve the page until Ctrl-C; exit status 0.

    Raises: ConfigError, StorageError; OperatorError when the port is taken or may not be used.
    """
    from intake.web.serving import bind, serve_until_stopped

    with records_of(folder) as records:
        web = records.settings.web
        listener = bind(web.host, web.port if port is None else port)
        with listener:
            url = web.url or f"http://{web.host}:{listener.getsockname()[1]}"
            if not any(call.campaign.organizers for call in records.calls.values()):
                raise OperatorError("活动文件里还没有 organizers：请写上姓名和邮箱，登录链接寄到那里。")
            told = partial(print, f"网页：{url}（按 Ctrl-C 结束）", file=sys.stderr)
            serve_until_stopped(records, listener, url=url, ready=told)
    return 0
