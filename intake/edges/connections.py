"""The mailbox and the way out that the settings name. Nothing is connected here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.settings import Settings
from intake.edges.alarms import AlarmChannels
from intake.edges.clock import Clock
from intake.edges.mailboxes import Mailbox
from intake.edges.transports import Transport

if TYPE_CHECKING:
    from intake.edges.transports.smtp_login import SmtpAccount


def make_mailbox(settings: Settings, clock: Clock) -> Mailbox:
    """The mailbox the settings name; nothing is connected yet."""
    mailbox = settings.mailbox
    if mailbox.kind != "imap":
        from intake.edges.mailboxes.files import EmlFolderMailbox, MaildirMailbox

        assert mailbox.path is not None  # the settings' own validation
        kind = MaildirMailbox if mailbox.kind == "maildir" else EmlFolderMailbox
        state = settings.data_dir / "mailbox"
        return kind(mailbox.path, state_folder=state, account=mailbox.address, clock=clock)
    from intake.edges.mailboxes.imap import ImapAccount, ImapMailbox

    secret = mailbox.password.get_secret_value() if mailbox.password else ""
    folders = (*mailbox.folders, *mailbox.junk, *((mailbox.sent,) if mailbox.sent else ()))
    return ImapMailbox(
        ImapAccount(
            address=mailbox.address,
            username=mailbox.username,
            host=mailbox.host,
            port=mailbox.port,
            password=secret if mailbox.auth == "login" else "",
            token=secret if mailbox.auth == "xoauth2" else "",
            tls=mailbox.tls,
            auth=mailbox.auth,
            folders=folders if mailbox.folders else None,
            needs_id=mailbox.needs_id,
            timeout_seconds=mailbox.timeout_seconds,
            ca_file=mailbox.ca_file,
        )
    )


def make_transport(settings: Settings, clock: Clock) -> Transport:
    """The way out the settings name; a folder of finished letters when they name none."""
    account = smtp_account(settings)
    if account is None:
        from intake.edges.transports.folder import FolderTransport

        return FolderTransport(settings.data_dir / "sent")
    from intake.edges.transports.smtp import SmtpTransport

    return SmtpTransport(account, clock)


def smtp_account(settings: Settings) -> SmtpAccount | None:
    """The sending account the settings name; None when letters go to a folder."""
    smtp = settings.smtp
    if not smtp.host:
        return None
    from intake.edges.transports.smtp_login import SmtpAccount

    secret = smtp.password.get_secret_value() if smtp.password else ""
    return SmtpAccount(
        username=smtp.username if secret else "",
        host=smtp.host,
        port=smtp.port,
        password=secret if smtp.auth == "login" else "",
        token=secret if smtp.auth == "xoauth2" else "",
        tls=smtp.tls,
        auth=smtp.auth,
        timeout_seconds=smtp.timeout_seconds,
        pause_seconds=smtp.seconds_between,
        ca_file=smtp.ca_file,
    )


def make_alarm_channels(settings: Settings) -> AlarmChannels:
    """The ways beside mail by which people hear of trouble."""
    webhook = settings.alarm.webhook
    return AlarmChannels(
        settings.data_dir,
        command=settings.alarm.command,
        webhook=webhook.get_secret_value() if webhook is not None else "",
    )
