"""A private Dovecot on loopback. Any user name is an account of its own; the password is the same for all."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.certificates import Certificate, make_certificate

PASSWORD = "loopback-secret"
JUNK = "垃圾邮件"
SENT = "已发送"
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
instance_name = intake-tests-{imap_port}
log_path = {root}/dovecot.log
{users}
first_valid_uid = 1
mail_location = maildir:{root}/mail/%u
mail_fsync = never
disable_plaintext_auth = no
auth_mechanisms = plain login
ssl = yes
ssl_cert = <{chain}
ssl_key = <{key}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox {junk} {{
    auto = create
    special_use = \\Junk
  }}
  mailbox {sent} {{
    auto = create
    special_use = \\Sent
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
protocol imap {{
  imap_idle_notify_interval = 30 secs
  mail_max_userip_connections = 200
}}
"""


class DovecotServer:
    """Start with `start`, end with `stop`; accounts come into being at their first login."""

    def __init__(self) -> None:
        # Short, because Unix sockets live below it (108 characters); readable for Dovecot's own users.
        self._root = Path(tempfile.mkdtemp(prefix="dv", dir="/tmp"))
        self._root.chmod(0o755)
        self.certificate: Certificate = make_certificate(self._root / "ssl")
        self.imap_port = 0
        self.imaps_port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve on free ports; another program may take one first, so try thrice."""
        for _ in range(3):
            self.imap_port, self.imaps_port = _free_port(), _free_port()
            configuration = self._root / "dovecot.conf"
            configuration.write_text(self._configuration(), "utf-8")
            self._process = subprocess.Popen(
                [dovecot_binary() or "dovecot", "-F", "-c", str(configuration)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers():
                return
            self._end_process()
        log = self._root / "dovecot.log"
        raise RuntimeError("Dovecot did not start: " + (log.read_text("utf-8") if log.exists() else "no log"))

    def stop(self) -> None:
        """End the process we started, wait for it, remove its files."""
        self._end_process()
        shutil.rmtree(self._root, ignore_errors=True)

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """A second client, as a colleague's mail program would be."""
        client = IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=30)
        client.normalise_times = False
        client.login(user, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def append(self, user: str, folder: str, raw: bytes, internal_at: datetime) -> None:
        """Put a letter into `folder`."""
        with self.client(user) as client:
            client.append(folder, raw, msg_time=internal_at)

    def append_many(self, user: str, folder: str, letters: list[tuple[bytes, datetime]]) -> None:
        """Put letters into `folder` over one connection."""
        with self.client(user) as client:
            for raw, internal_at in letters:
                client.append(folder, raw, msg_time=internal_at)

    def delete(self, user: str, folder: str, uid: int) -> None:
        """Remove a letter for good."""
        with self.client(user) as client:
            client.select_folder(folder)
            client.delete_messages([uid], silent=True)
            client.uid_expunge([uid])

    def recreate(self, user: str, folder: str) -> None:
        """Delete and create `folder`, which gives it a new UIDVALIDITY."""
        with self.client(user) as client:
            client.delete_folder(folder)
            client.create_folder(folder)

    def _configuration(self) -> str:
        uid, gid, users = _mail_user()
        mail = self._root / "mail"
        mail.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(mail, uid, gid)
        return _CONFIGURATION.format(
            root=self._root,
            users=users,
            uid=uid,
            gid=gid,
            chain=self.certificate.chain,
            key=self.certificate.key,
            password=PASSWORD,
            junk=JUNK,
            sent=SENT,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
        )

    def _answers(self) -> bool:
        assert self._process is not None
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.imap_port), timeout=5) as link:
                    if link.recv(4) == b"* OK":
                        return True
            except OSError:
                time.sleep(0.05)
        return False

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def dovecot_binary() -> str | None:
    """Where Dovecot is; None when it is not installed."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


def _mail_user() -> tuple[int, int, str]:
    """Whose the mail is. Dovecot refuses mail of root, and as root keeps its package users for itself."""
    import grp  # neither exists on Windows, where this module is imported too
    import pwd

    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid, ""
    user, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    users = f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"
    return os.geteuid(), os.getegid(), users


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
