"""The line above which an organizer answers, put into a mail of ours: first of all, so that an answer stands above it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from intake.figures.matter import DigestDraft

_BODY = re.compile(r"<body[^<>]*>", re.IGNORECASE)
_STYLE = (
    "max-width:760px;margin:0 auto;padding:12px 16px 0;font-size:13px;line-height:1.6;color:#6b7280;"
    "font-family:-apple-system,'PingFang SC','Microsoft YaHei',sans-serif"
)

HOW_TO_ANSWER = "回复本邮件即可办理，写在上面这条线以上，如：17、18号同意；退回 18号 理由：…；延期 21号 三天。本邮件仅供您本人回复，七天内有效。"

EXAMPLES = (
    "通过 HL22-0017，或 17、18、20号同意",
    "退回 HL22-0018 理由：…（理由会写进给报送人的信）",
    "放宽 字数 HL22-0019 理由：…",
    "延期 HL22-0021 三天；延期 全部 至12月25日",
    "合并 HL22-0020 到 HL22-0011",
    "转活动 HL22-0021 到 活动名称",
    "撤回 HL22-0017；重新打开 HL22-0017",
    "备注 HL22-0017 …",
    "撤销（十分钟内，不再发信，恢复原状）",
)
"""What can be written, one way for each; numbers are given in the campaign's own prefix."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What makes a mail one that can be answered with orders."""

    sentinel: str
    token: str
    """回执码: bound to the one who receives this mail."""
    how: str = HOW_TO_ANSWER


def with_answer_line(draft: DigestDraft, line: AnswerLine) -> DigestDraft:
    """`draft` with our line as the very first, how to answer below it, and the token at its end; both forms alike."""
    code = f"回执码：{line.token}"
    top = f'<p style="{_STYLE}">{escape(line.sentinel)}<br>{escape(line.how)}</p>'
    bottom = f'<p style="{_STYLE}">{escape(code)}</p>'
    body = _BODY.search(draft.html)
    at = body.end() if body else 0
    end = draft.html.lower().rfind("</body>")
    end = end if end >= at else len(draft.html)
    return replace(
        draft,
        text=f"{line.sentinel}\n{line.how}\n\n{draft.text.rstrip()}\n\n{code}\n",
        html=f"{draft.html[:at]}{top}{draft.html[at:end]}{bottom}{draft.html[end:]}",
    )


def examples_for(prefix: str) -> Sequence[str]:
    """`EXAMPLES` with the numbers of a campaign."""
    return tuple(each.replace("HL22", prefix) for each in EXAMPLES) if prefix else EXAMPLES
