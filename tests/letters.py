"""The sample letters of the demo under the name tests know them by."""

from intake.demo.clients import (
    CHINA,
    CLIENTS,
    Draft,
    File,
    Quoted,
    apple_mail,
    foxmail,
    iphone,
    mail_master,
    netease_web,
    outlook,
    plain_letter,
    qq_mail,
)  # fmt: skip

__all__ = [
    "CHINA", "CLIENTS", "Draft", "File", "Quoted",
    "apple_mail", "foxmail", "iphone", "mail_master", "netease_web", "outlook", "plain_letter", "qq_mail",
]  # fmt: skip
