"""What every connection to a mail server needs: verified TLS, secrets kept out of messages, and plain words for trouble."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MESSAGE_CHARACTERS = 300

Secret = str | Callable[[], str]
"""A secret, or what hands out the present one (access tokens live about an hour)."""


def current(secret: Secret) -> str:
    """The secret as it stands now."""
    return secret() if callable(secret) else secret


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened on the network, in English for the log and in Chinese for the organizer."""

    message: str
    temporary: bool
    advice: str


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """A verifying context: TLS 1.2 or later, host name checked, `ca_file` trusted besides the system's roots."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context


def authority_file_trouble(ca_file: Path | None) -> Trouble:
    """What to do when `tls_context` raises `OSError`: only the file of root certificates can be to blame. Pure."""
    advice = f"读不出根证书文件“{ca_file}”。请核对路径，文件应为 PEM 格式。"
    return Trouble(f"cannot load {ca_file}", temporary=False, advice=advice)


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine without asking any name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something went wrong, in the words an organizer knows."""

    host: str
    port: int
    address: str
    secrets: tuple[str, ...] = ()

    def scrub(self, text: str) -> str:
        """`text` on one line, shortened, without any secret."""
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "***")
        return " ".join(text.split())[:MESSAGE_CHARACTERS]


def certificate_advice(error: ssl.SSLCertVerificationError, place: Place) -> str:
    """What to do about a certificate that does not hold. Source: OpenSSL X509_V_ERR codes."""
    where = f"{place.host}:{place.port}"
    if error.verify_code == 10:
        return f"{where} 的安全证书已过期。请联系邮箱服务商或单位网管更新证书；并请核对本机日期是否正确。"
    if error.verify_code == 9:
        return f"{where} 的安全证书尚未生效。请先核对本机的日期和时间是否正确。"
    if error.verify_code == 62 or "doesn't match" in str(error) or "mismatch" in str(error).lower():
        return f"{where} 的安全证书不是发给“{place.host}”的。请核对服务器地址是否填写正确。"
    return (
        f"{where} 的安全证书不受信任（可能是自签证书，或网络设备替换了证书）。"
        "若为单位自建邮箱，请向网管索取根证书文件，填入邮箱设置的 ca_file；公共邮箱请勿忽略此提示，并检查所用网络。"
    )


def network_trouble(error: OSError, place: Place, *, connecting: bool) -> Trouble:
    """What an error of the network or of TLS means, and what to do about it. Pure."""
    where = f"{place.host}:{place.port}"
    said = place.scrub(f"{type(error).__name__}: {error}")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(
            f"certificate of {where} refused: {said}", temporary=False, advice=certificate_advice(error, place)
        )
    if isinstance(error, ssl.SSLError) and connecting:
        advice = f"与 {where} 无法建立安全连接。请核对端口与加密方式是否相配:993、465 端口用 tls,143、587、25 端口用 starttls。"
        return Trouble(f"TLS with {where} failed: {said}", temporary=True, advice=advice)
    if isinstance(error, socket.gaierror):
        advice = f"找不到邮件服务器“{place.host}”。请核对服务器地址是否写对，并检查本机能否上网。"
        return Trouble(f"{place.host} not found: {said}", temporary=True, advice=advice)
    if isinstance(error, TimeoutError) and connecting:
        advice = f"连接 {where} 超时。单位网络可能封锁了 {place.port} 端口，请联系网管放行，或换一个网络再试。"
        return Trouble(f"connecting to {where} timed out", temporary=True, advice=advice)
    if isinstance(error, TimeoutError):
        advice = f"{where} 长时间没有回应，稍后会自动重试。如反复出现，请检查网络是否稳定。"
        return Trouble(f"{where} stopped answering", temporary=True, advice=advice)
    if isinstance(error, ConnectionRefusedError):
        advice = f"{where} 拒绝连接。请核对服务器地址和端口；若无误，可能是防火墙封锁了该端口，请联系网管。"
        return Trouble(f"{where} refused the connection", temporary=True, advice=advice)
    if connecting:
        advice = f"连不上 {where}。请检查网络是否正常、该端口是否被防火墙封锁。"
        return Trouble(f"cannot reach {where}: {said}", temporary=True, advice=advice)
    advice = f"与 {where} 的连接中断，稍后会自动重新连接，无须处理。"
    return Trouble(f"connection to {where} lost: {said}", temporary=True, advice=advice)
