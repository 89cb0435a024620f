"""Every trouble with a mail server, told as a `MailboxError` with one sentence of advice. Pure."""

from __future__ import annotations

import imaplib
import re

from intake.edges.network import Place, network_trouble
from intake.errors import LoginRefusedError, MailboxError

_BUSY_CODES = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\b", re.IGNORECASE)
"""RFC 5530: the refusal is not about the password."""
_BUSY_WORDS = re.compile(r"try again|too many (simultaneous|connections)|temporar|server (is )?busy", re.IGNORECASE)
_PASSWORD_WORDS = re.compile(r"password|credential|authenticat|login fail|login error|密码|授权码", re.IGNORECASE)
_OFF_WORDS = re.compile(
    r"(imap|service)\S{0,40}( access)? is (not open|closed|disabled|off)|not enabled for imap|imap (access )?(is )?disabled|imap.{0,12}(未开启|未开通|关闭)",
    re.IGNORECASE,
)
_UNSAFE_WORDS = re.compile(r"unsafe login", re.IGNORECASE)


def network_failed(error: OSError, place: Place, *, connecting: bool) -> MailboxError:
    """An error of the network or of TLS, as a `MailboxError`."""
    trouble = network_trouble(error, place, connecting=connecting)
    return MailboxError(trouble.message, temporary=trouble.temporary, advice=trouble.advice)


def login_refused(said: str, place: Place) -> MailboxError:
    """The server's refusal of a login: about the password, about the service, or only "not now"."""
    text = place.scrub(said)
    if _BUSY_CODES.search(text) or (_BUSY_WORDS.search(text) and not _PASSWORD_WORDS.search(text)):
        advice = f"{place.host} 暂时不接受登录（繁忙或连接过多），稍后会自动重试。"
        return MailboxError(f"login not possible now: {text}", temporary=True, advice=advice)
    if _OFF_WORDS.search(text) and not _PASSWORD_WORDS.search(text):
        advice = f"邮箱 {place.address} 的 IMAP 服务没有开启。请登录网页邮箱，在“设置”中开启 IMAP/SMTP 服务，并使用新生成的授权码。"
        return LoginRefusedError(f"IMAP is switched off: {text}", advice=advice)
    advice = (
        f"邮箱 {place.address} 登录被拒绝。请核对授权码：它不是网页登录密码，须在网页邮箱“设置”中开启 IMAP/SMTP 服务后生成；"
        "改过密码或授权码到期后须重新生成。"
    )
    return LoginRefusedError(f"login refused: {text}", advice=advice)


def folder_refused(folder: str, said: str, place: Place) -> MailboxError:
    """The server does not open a folder."""
    text = place.scrub(said)
    if _UNSAFE_WORDS.search(text):
        advice = (
            "网易邮箱认为这次登录不安全（Unsafe Login），没有打开文件夹。请登录网页邮箱，确认 IMAP 服务已开启、使用的是授权码，"
            "并在设置中保持 needs_id = true;仍不行请联系网易邮箱客服解除限制。"
        )
        return MailboxError(f"unsafe login: {text}", temporary=False, advice=advice)
    if _BUSY_CODES.search(text) or _BUSY_WORDS.search(text):
        advice = f"{place.host} 暂时打不开文件夹“{folder}”（繁忙），稍后会自动重试。"
        return MailboxError(f"cannot open folder {folder} now: {text}", temporary=True, advice=advice)
    advice = f"邮箱中打不开文件夹“{folder}”。请登录网页邮箱核对文件夹名称，或修改邮箱设置中的 folders。"
    return MailboxError(f"cannot open folder {folder}: {text}", temporary=False, advice=advice)


def protocol_trouble(error: Exception, place: Place) -> MailboxError:
    """The server answered in a way we cannot use, or hung up."""
    said = place.scrub(str(error))
    if isinstance(error, imaplib.IMAP4.abort):
        advice = f"与 {place.host} 的连接中断，稍后会自动重新连接，无须处理。"
        return MailboxError(f"connection lost: {said}", temporary=True, advice=advice)
    advice = f"邮件服务器 {place.host} 的回答异常，稍后会自动重试。如反复出现，请把本条记录转给技术人员。"
    return MailboxError(f"unexpected answer: {said}", temporary=True, advice=advice)
