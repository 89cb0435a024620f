"""Which provider a link belongs to, told by host and path: a share has a path of its own, a home page has not. Pure.

To add a provider: its id in `parsers.facts.ShareProvider`, one row here, its name in every language file. Hosts are
matched whole or as the end of a longer one, so that `pan.baidu.com.evil.example` is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from parsers.facts import ShareProvider

Kind = Literal["mailbox", "drive", "article"]
"""`mailbox`: a mail service's own large attachments. `article`: a page that may be the material, or only be mentioned."""

LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Provider:
    """One row: where its shares lie."""

    id: ShareProvider
    kind: Kind
    hosts: str
    """A pattern the end of the host name must match, after a dot or as a whole."""
    paths: str
    """A pattern the start of path and query must match, both lower-case."""


_ROWS = (
    # Large attachments of mail services. Source: letters and their readers in public repositories, and the edge cases.
    Provider("exmail", "mailbox", r"exmail\.qq\.com", r"/cgi-bin/ftn|/ftn/|/wework_admin/.*ftn"),
    Provider("qq_mail", "mailbox", r"mail\.qq\.com|mail\.foxmail\.com", r"/cgi-bin/(?:ftn|bigattach)|/ftn/|/[\w/]*ftn_handler"),
    Provider("qq_mail", "mailbox", r"ftn\.qq\.com", r"/."),
    Provider("netease_mail", "mailbox", r"mail\.163\.com|mail\.126\.com|mail\.yeah\.net|mail\.188\.com", r"/large-attachment-download|/filehub/"),
    Provider("netease_mail", "mailbox", r"fs\.163\.com|fs\.126\.com", r"/fs/"),
    Provider("netease_mail", "mailbox", r"edisk\.qiye\.163\.com", r"/(?:api/biz/attachment/|share|s/)"),
    Provider("dashi_163", "mailbox", r"dashi\.163\.com", r"/html/cloud-attachment-download"),
    Provider("aliyun_mail", "mailbox", r"qiye\.aliyun\.com|mail\.aliyun\.com|mxhichina\.com", r"/.*(?:big_?attach|large_?attach|netdisk|internallinks|/attachment/|download)"),
    Provider("139_mail", "mailbox", r"mail\.10086\.cn|mail\.139\.com", r"/.*(?:largeattach|attach|disk|download|filecenter)"),
    Provider("sina_mail", "mailbox", r"mail\.sina\.com(?:\.cn)?|mail\.sina\.cn", r"/filecenter/"),
    Provider("icloud", "mailbox", r"icloud\.com|icloud\.com\.cn", r"/attachment/?\?"),
    Provider("icloud", "drive", r"icloud\.com|icloud\.com\.cn", r"/(?:iclouddrive|photos|sharedalbum)/.|/\w{20,}"),
    Provider("icloud", "mailbox", r"icloud-content\.com(?:\.cn)?", r"/b/"),
    # Drives.
    Provider("baidu_pan", "drive", r"pan\.baidu\.com|yun\.baidu\.com", r"/(?:s/|e/|share/|wap/(?:init|share|link)|mbox/|aipan/)."),
    Provider("aliyun_drive", "drive", r"aliyundrive\.com|alipan\.com", r"/(?:s|t)/."),
    Provider("aliyun_drive", "drive", r"alywp\.net", r"/."),
    Provider("quark", "drive", r"pan\.quark\.cn|drive\.quark\.cn", r"/(?:s|g)/."),
    Provider("tianyi", "drive", r"cloud\.189\.cn", r"/(?:t/|web/share|share|s/|file/downloadfile|main\.action)."),
    Provider("139_cloud", "drive", r"caiyun\.139\.com|yun\.139\.com|caiyun\.feixin\.10086\.cn", r"/(?:m/i|w/i|front/|w/?\#|sharewap|shareweb|link/|share|dl/|\#)"),
    Provider("weiyun", "drive", r"share\.weiyun\.com", r"/."),
    Provider("weiyun", "drive", r"weiyun\.com", r"/(?:outlink|s|share)\b"),
    Provider("tencent_docs", "drive", r"docs\.qq\.com", r"/(?:doc|sheet|slide|pdf|file|folder|aio|smartsheet|mind|flowchart|board|desktop/file|scenario/link)."),
    Provider("kdocs", "drive", r"kdocs\.cn", r"/(?:l|p|view|folder|join|team|group|ent|office|wo|singlesign4)/?."),
    Provider("wps", "drive", r"wps\.cn|wps\.com", r"/(?:l|p|s|view|d|f|file|folder|files|share|link|office)/."),
    Provider("feishu", "drive", r"feishu\.cn|larksuite\.com|larkoffice\.com", r"/(?:file|drive|docx?|docs|wiki|sheets|slides|minutes|mindnotes|space/(?:file|folder))/."),
    Provider("wecom", "drive", r"drive\.weixin\.qq\.com", r"/."),
    Provider("wecom", "drive", r"doc\.weixin\.qq\.com", r"/(?:doc|sheet|slide|txdoc|pdf|mind|smartsheet|disk)."),
    Provider("dingtalk", "drive", r"alidocs\.dingtalk\.com", r"/(?:i/(?!.*form)|document/|spreadsheetv2/|api/doc/)."),
    Provider("dingtalk", "drive", r"space\.dingtalk\.com|pan\.dingtalk\.com|im\.dingtalk\.com", r"/(?:s/|c/|share|spacemanager|link|i/)."),
    Provider("dingtalk", "drive", r"qr\.dingtalk\.com", r"/page/yunpan"),
    Provider("wenshushu", "drive", r"wenshushu\.cn|wenshushu\.com|wss\.(?:ink|show|cc|pet|zone|email)|wss\d?\.cn|ws\d{2}\.cn", r"/(?:f|k|box|s|t)/."),
    Provider("cowtransfer", "drive", r"cowtransfer\.com|cowcs\.com|c-t\.work", r"/(?:s|f)/."),
    Provider("outlook_onedrive", "drive", r"1drv\.ms", r"/."),
    Provider("outlook_onedrive", "drive", r"onedrive\.live\.com|onedrive\.com", r"/(?:\?|redir|embed|edit|view|download|:\w:|p/|personal/)."),
    Provider("outlook_onedrive", "drive", r"sharepoint\.com|sharepoint\.cn", r"/(?:\:\w\:/|personal/|.*(?:guestaccess|download)\.aspx|sites/.*\.\w{3,4}\b)"),
    Provider("gmail_drive", "drive", r"drive\.google\.com", r"/(?:file/|open|drive/(?:u/\d+/)?folders/|folderview|uc\?|a/)."),
    Provider("gmail_drive", "drive", r"docs\.google\.com", r"/(?:document|spreadsheets|presentation|file|uc)\W"),
    # Others people send from: told as what they are, by their host.
    Provider("other", "drive", r"lanz\w{1,4}\.com|lanosso\.com|ilanzou\.com|lanpv\.com", r"/(?!$|\?|u/?$|account)."),
    Provider("other", "drive", r"123pan\.c(?:om|n)|123\d{3}\.com|115\.com|115cdn\.com|anxia\.com", r"/s/."),
    Provider("other", "drive", r"pan\.xunlei\.com|drive\.uc\.cn|fast\.uc\.cn|pan\.wo\.cn|pan\.bilnn\.com", r"/s/."),
    Provider("other", "drive", r"jianguoyun\.com", r"/p/."),
    Provider("other", "drive", r"ctfile\.com|t\d{2}\.cn|yunpan\.cn|yunpan\.com|yunpan\.360\.cn", r"/(?:f|d|fs|file|surl_?)\S"),
    Provider("other", "drive", r"wetransfer\.com|we\.tl|musetransfer\.com", r"/(?:downloads|t-|s)\S"),
    Provider("other", "drive", r"dropbox\.com", r"/(?:s|scl|sh|l|t)/."),
    Provider("other", "drive", r"shimo\.im", r"/(?:docs|docx|file|files|folder|presentation|sheets)/."),
    Provider("other", "drive", r"(?:box|pan|yunpan|cloud|disk|bhpan|drive)\.[\w-]+\.edu\.cn", r"/(?:s|f|d|l|u/d|link|\#sharinglink|share|anyshare|ftp)[/\#?]?."),
    Provider("wechat_article", "article", r"mp\.weixin\.qq\.com", r"/s[/?]."),
)  # fmt: skip

_PATTERNS = tuple((row, re.compile(rf"\A(?:.*\.)?(?:{row.hosts})"), re.compile(rf"\A(?:{row.paths})")) for row in _ROWS)
_WRAPPERS = (
    (re.compile(r"\A(?:.*\.)?safelinks\.protection\.(?:outlook\.com|partner\.outlook\.cn)"), "url"),
    (re.compile(r"c\.pc\.qq\.com"), "pfurl"),
)
"""Hosts that only lead on, and the parameter that says where to."""


def provider_of(url: str) -> Provider | None:
    """The row a link belongs to; None for every other link. Never raises."""
    parts = split(url)
    if parts is None:
        return None
    host = host_of(parts)
    rest = (
        f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}{'#' + parts.fragment if parts.fragment else ''}"
    )
    rest = rest.casefold()
    return next((row for row, hosts, paths in _PATTERNS if hosts.fullmatch(host) and paths.match(rest)), None)


def host_of(parts: SplitResult) -> str:
    """The host name, lower-case, without user, port and closing dot; empty when there is none."""
    return (parts.hostname or "").rstrip(".").lower()


def split(url: str) -> SplitResult | None:
    """The link taken apart; None for what is no http(s) address or too long to be one."""
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme.lower() in {"http", "https"} and host_of(parts) else None


def unwrapped(url: str) -> str:
    """The link that one of a mail program's warning pages leads to; any other link as it is."""
    for _ in range(3):
        parts = split(url)
        if parts is None:
            return url
        inner = next((key for hosts, key in _WRAPPERS if hosts.fullmatch(host_of(parts))), None)
        found = parse_qs(parts.query, max_num_fields=50).get(inner, [""])[0] if inner else ""
        if not found:
            return url
        url = found if "://" in found else f"https://{found}"
    return url
