"""Opening a mail account: connect, encrypt, log in, say who we are."""

from __future__ import annotations

import imaplib
import ssl
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Literal

from imapclient.exceptions import CapabilityError, LoginError

from intake.edges.mailboxes.advice import login_refused, network_failed, protocol_trouble
from intake.edges.mailboxes.wire import Endpoint, WireClient
from intake.edges.network import Place, Secret, authority_file_trouble, current, is_loopback, tls_context
from intake.errors import LoginRefusedError, MailboxError


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mail account and how to reach it."""

    address: str
    """The account's mail address; key of sightings."""
    username: str
    host: str
    port: int
    password: Secret = field(default="", repr=False)
    """What the provider calls 授权码, for `login`."""
    token: Secret = field(default="", repr=False)
    """OAuth 2 access token, for `xoauth2`."""
    tls: Literal["tls", "starttls", "plain"] = "tls"
    auth: Literal["login", "xoauth2"] = "login"
    folders: tuple[str, ...] | None = None
    """Exact folder names; None: inbox, every junk folder, sent."""
    needs_id: bool = False
    """Send ID (RFC 2971) even when the server does not advertise it (NetEase)."""
    timeout_seconds: float = 60.0
    piece_bytes: int = 1_000_000
    """Bodies are fetched in pieces of this size."""
    ca_file: Path | None = None
    """Additional root certificates (PEM), for servers of one's own."""
    allow_plain: bool = False
    """Allow an unencrypted connection to another machine."""

    @property
    def place(self) -> Place:
        """The account as error messages name it."""
        fixed = (secret for secret in (self.password, self.token) if isinstance(secret, str))
        return Place(self.host, self.port, self.address, tuple(fixed))


def open_account(account: ImapAccount) -> WireClient:
    """A logged-in connection with no folder open. One login attempt, never more.

    Raises: LoginRefusedError when user name or password is refused, MailboxError otherwise.
    """
    client = _connect(account)
    try:
        _log_in(client, account)
        _introduce(client, account)
        _ask_for_modseq(client)
    except (MailboxError, LoginRefusedError):
        client.shutdown()
        raise
    except OSError as error:
        client.shutdown()
        raise network_failed(error, account.place, connecting=False) from error
    except (imaplib.IMAP4.error, ValueError) as error:
        client.shutdown()
        raise protocol_trouble(error, account.place) from error
    return client


def _connect(account: ImapAccount) -> WireClient:
    place = account.place
    if account.tls == "plain" and not (account.allow_plain or is_loopback(account.host)):
        advice = "不加密的连接会泄露授权码。请把邮箱设置中的 tls 改为 tls(993 端口)或 starttls(143 端口)。"
        raise MailboxError(f"plain connection to {place.host} is not allowed", temporary=False, advice=advice)
    try:
        context = None if account.tls == "plain" else tls_context(account.ca_file)
    except OSError as error:  # ssl.SSLError is one
        trouble = authority_file_trouble(account.ca_file)
        raise MailboxError(trouble.message, temporary=False, advice=trouble.advice) from error
    endpoint = Endpoint(account.host, account.port, account.tls == "tls", context, account.timeout_seconds)
    try:
        client = WireClient(endpoint)
    except OSError as error:
        raise network_failed(error, place, connecting=True) from error
    except imaplib.IMAP4.error as error:
        raise protocol_trouble(error, place) from error
    if account.tls == "starttls":
        _encrypt(client, context, place)
    return client


def _encrypt(client: WireClient, context: ssl.SSLContext | None, place: Place) -> None:
    try:
        client.starttls(context)
    except CapabilityError as error:
        client.shutdown()
        advice = f"{place.host}:{place.port} 不支持 STARTTLS 加密。请把邮箱设置中的 tls 改为 tls，端口改为 993。"
        raise MailboxError(f"{place.host} offers no STARTTLS", temporary=False, advice=advice) from error
    except OSError as error:
        client.shutdown()
        raise network_failed(error, place, connecting=True) from error
    except imaplib.IMAP4.error as error:
        client.shutdown()
        raise protocol_trouble(error, place) from error


def _log_in(client: WireClient, account: ImapAccount) -> None:
    place = account.place
    if account.auth == "login" and client.has_capability("LOGINDISABLED"):  # RFC 3501 §6.2.3
        advice = f"{place.host}:{place.port} 不接受未加密的登录。请把邮箱设置中的 tls 改为 starttls，或改用 tls 和 993 端口。"
        raise MailboxError("the server wants encryption before LOGIN", temporary=False, advice=advice)
    try:
        if account.auth == "xoauth2":
            first = f"user={account.username}\1auth=Bearer {current(account.token)}\1\1"
            answers = iter([first.encode()])
            # A refusal comes as a second challenge, to be answered with an empty line.
            client.sasl_login("XOAUTH2", lambda _challenge: next(answers, b""))
        else:
            client.login(account.username, current(account.password))
    except LoginError as error:
        cause = error.__context__
        if isinstance(cause, imaplib.IMAP4.abort):  # imapclient calls a lost link a refused login
            raise protocol_trouble(cause, place) from error
        raise login_refused(str(error), place) from None  # the chain could quote the command
    except UnicodeEncodeError:
        advice = "用户名或授权码中有中文或全角字符。请重新复制授权码，只含半角字母和数字。"
        raise LoginRefusedError("user name or password is not ASCII", advice=advice) from None


def _introduce(client: WireClient, account: ImapAccount) -> None:
    if not (account.needs_id or client.has_capability("ID")):
        return
    try:
        client.tell_id(identification())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        if client.has_capability("ID"):
            return  # a courtesy; what matters is whether folders open
        raise


def _ask_for_modseq(client: WireClient) -> None:
    """Before any folder is opened, RFC 7162 §3.1. A server that refuses what it offers is read without."""
    if not (client.has_capability("CONDSTORE") and client.has_capability("ENABLE")):
        return
    try:
        client.enable("CONDSTORE")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return


def identification() -> dict[str, str]:
    """What we say of ourselves in ID; no host, user or system names."""
    return {"name": "case-intake", "version": metadata.version("case-intake"), "vendor": "case-intake"}
