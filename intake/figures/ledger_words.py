"""What is stored as one word, as organizers read it: in ledger, digest, page, command line and demo alike. Pure."""

from __future__ import annotations

from intake.figures.sheets import Tone

STATES = {
    "accepted": "材料齐全",
    "needs_fix": "待补充完善",
    "needs_human": "待人工核对",
    "waiting": "等候后续材料",
    "open": "处理中",
    "withdrawn": "已撤回",
    "merged": "已合并",
    "purged": "已清除",
}
STATE_TONES: tuple[tuple[str, Tone], ...] = (
    ("材料齐全", "good"),
    ("待补充完善", "wait"),
    ("等候后续材料", "wait"),
    ("待人工核对", "look"),
)
NOT_IN_USE = {
    "withdrawn": "报送单位撤回，编号保留，不再使用",
    "merged": "并入另一案例，编号保留，不再使用",
    "purged": "活动结束后按期清除了内容，只留编号和结论",
}
"""States in which a number stands for no material any more, and why."""

OUTCOMES = {
    "collected": "待处理",
    "filed": "已登记为案例",
    "not_a_submission": "非报送来信",
    "quarantined": "留存待查",
    "before_opening": "早于启用时间",
    "purged": "已清除",
}
UNFETCHED = {
    "oversize": "过大，没有下载",
    "body_unavailable": "服务器没有给出内容",
    "gone_before_fetch": "下载前已移走或删除",
    "before_opening": "早于启用时间，没有下载",
}
"""What became of letters that were seen in the mailbox and never lay here."""
IGNORED = {
    "auto_reply": "自动回复",
    "bounce": "退信",
    "list": "群发邮件",
    "own": "本邮箱发出",
    "question": "咨询",
    "courtesy": "致谢或确认",
    "unrelated": "与征集无关",
    "no_campaign": "不能确定属于哪项征集",
    "nothing_attached": "未见附件",
    "encrypted": "来信加密，未能打开",
    "same_again": "重复来信",
    "draft": "初稿，请求先看",
    "withdrawal": "要求撤回",
    "dispute": "对核对结果有异议",
    "orders": "工作人员的处理意见",
    "unconfirmed": "待确认归属，单独保存",
}
ANSWERS = {
    "receipt": "收件回执",
    "fix_request": "材料补充完善提示",
    "being_checked": "人工核对告知",
    "late": "逾期收件告知",
    "same_again": "此前已收到告知",
    "answer": "咨询答复",
    "decision": "决定告知",
    "reminder": "提醒",
    "draft_review": "初稿意见",
    "confirm_withdrawal": "撤回确认",
    "withdrawn": "撤回告知",
    "disputed": "复核告知",
    "confirm_replacement": "替换确认",
    "notice": "情况告知",
    "extension": "延期告知",
    "moved": "转活动告知",
    "merged": "合并告知",
    "parted": "分开登记告知",
    "awaiting": "已收部分材料告知",
    "correction": "更正说明",
    "receipts": "报送清单",
    "summary": "答复汇总",
}
MAIL_STATES = {
    "queued": "待发",
    "handing_over": "正在发送",
    "sent": "已发出",
    "retry_at": "稍后再发",
    "failed": "未能送达",
    "unknown": "是否送达待确认",
    "held": "暂缓",
    "cancelled": "已取消",
}
DECISIONS = {
    "pass": "通过",
    "return": "退回",
    "waive": "放宽",
    "withdrawn": "来信撤回",
    "withdraw": "撤回",
    "disputed": "来信异议",
    "choose": "选定一版",
    "merge": "合并",
    "extend": "延期",
    "move": "转活动",
    "reopen": "重新核对",
    "note": "备注",
    "admit": "并入来信",
    "detach": "来信分出",
}
ROLES = {
    "case": "案例正文",
    "form": "报名表",
    "stamped_copy": "盖章件",
    "cover_letter": "报送函",
    "summary_sheet": "汇总表",
    "duplicate": "同一文件的另一格式",
    "attachment": "附件",
    "photo": "照片",
}
FORMATS = {"image": "图片", "archive": "压缩包", "letter": "邮件", "sheet": "电子表格", "other": "其他"}
PROBLEMS = {
    "unsupported_format": "格式不能自动读取",
    "encrypted": "有密码，未能打开",
    "damaged": "不完整，未能打开",
    "part_missing": "分卷没有收齐",
    "no_text": "扫描件，没有可读的文字",
    "garbled_text": "文字不能识别",
    "empty": "空文件",
    "over_limit": "过大，没有读取",
    "timed_out": "我方读取超时",
    "killed": "我方读取中断",
    "reader_failed": "我方未能读取",
}
SEVERITIES = {"fix": "须补充完善", "human": "需人工核对", "note": "建议"}
SEVERITY_TONES: tuple[tuple[str, Tone], ...] = (("须补充完善", "wait"), ("需人工核对", "look"))
