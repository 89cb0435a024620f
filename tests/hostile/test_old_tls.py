"""A server that offers nothing newer than TLS 1.1, or shows another's certificate, gets no connection and no password."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

import pytest

from intake.edges.network import tls_context
from tests.servers.certificates import make_certificate


@pytest.mark.parametrize(("newest", "connects"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_only_tls_of_today_is_spoken(newest: str, connects: bool, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, host="localhost")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.load_cert_chain(certificate.chain, certificate.key)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion[newest]
    old.set_ciphers("ALL:@SECLEVEL=0")

    lenient = tls_context(certificate.authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        lenient.minimum_version = ssl.TLSVersion.TLSv1
    lenient.set_ciphers("ALL:@SECLEVEL=0")

    assert _shakes_hands(lenient, old)  # it is our context that refuses
    ours = tls_context(certificate.authority)
    ours.set_ciphers("ALL:@SECLEVEL=0")  # the version alone decides, whatever this system's OpenSSL thinks of ciphers
    assert _shakes_hands(ours, old) == connects


@pytest.mark.parametrize(
    ("host", "is_known", "connects"),
    [("localhost", True, True), ("other.example", True, False), ("localhost", False, False)],
)
def test_only_a_certificate_of_that_host_by_somebody_known_is_believed(
    host: str, is_known: bool, connects: bool, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path, host="localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate.chain, certificate.key)

    ours = tls_context(certificate.authority if is_known else None)

    assert _shakes_hands(ours, server, host=host) == connects


def _shakes_hands(client: ssl.SSLContext, server: ssl.SSLContext, *, host: str = "localhost") -> bool:
    """Both ends in memory, a few turns each."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(back, there, server_hostname=host),
        server.wrap_bio(there, back, server_side=True),
    ]
    for _ in range(4):
        for end in tuple(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return False
            ends.remove(end)
        if not ends:
            return True
    return False
