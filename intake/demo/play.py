"""The whole job on embedded servers: letters in, verdicts and answers out, a digest; it checks itself.

Nothing leaves the machine: both servers listen on loopback, the records are a temporary
SQLite database, the worker's clock stands in December 2022 and says so in the digest.
"""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from config.campaign import preset_text
from config.roster import ROSTER_FILE
from config.sections import DigestSettings, LogSettings, MailboxSettings, SmtpSettings
from config.settings import Settings
from intake.bootstrap import Records, Service, open_records, running_service, set_up_log
from intake.demo.outcomes import read_complaints, read_outcomes
from intake.demo.pages import LOG, leave
from intake.demo.servers import LOOPBACK, EmbeddedImap, EmbeddedSmtp
from intake.demo.showing import Show
from intake.demo.stage import Arrived, Stage
from intake.demo.story import ENDS_AT, MAILBOX, MAILBOX_HOST, OPENS_AT, ORGANIZER_NAME, ORGANIZERS, STORY
from intake.edges.clock import SetClock
from intake.errors import OperatorError
from intake.web.app import make_door
from intake.web.serving import bind, serve_until_stopped

CAMPAIGN = "huli-2022"
OUTPUT_FOLDER = "demo-out"
_NEEDED = ("pymap", "aiosmtpd", "reportlab")
"""What only the demo needs: the extra `demo`."""


def play(out_dir: Path | None = None, *, stay: bool = False) -> int:
    """Play the story once; exit status 0, 1 when anything went otherwise than the story says.

    `out_dir`: where results go, by default a new folder under ./demo-out (or a temporary one
    where that cannot be written). `stay` keeps the service, its page and both servers up until Ctrl-C.
    Raises: OperatorError when something is missing or the service fails.
    """
    _require_extras()
    show = Show()
    folder = _output_folder(out_dir)
    login = (MAILBOX, secrets.token_urlsafe(12))
    with ExitStack() as stack, warnings.catch_warnings():
        # aiosmtpd warns of a login without TLS; this one crosses loopback only.
        warnings.filterwarnings("ignore", message="Requiring AUTH", category=UserWarning)
        imap = EmbeddedImap({login[0]: login[1]})
        smtp = EmbeddedSmtp(authenticator=_takes(login), auth_required=True, auth_require_tls=False)
        stack.callback(imap.stop)
        stack.callback(smtp.stop)
        ports = (imap.start(), smtp.start())
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="intake-demo-", ignore_cleanup_errors=True)))
        settings = _settings(data, login, ports=ports, log=folder / LOG)
        show.begins(MAILBOX, ports)
        complaints = _perform(settings, smtp, show, folder=folder, ports=ports, login=login, stay=stay)
    return 1 if complaints else 0


def _perform(
    settings: Settings,
    smtp: EmbeddedSmtp,
    show: Show,
    *,
    folder: Path,
    ports: tuple[int, int],
    login: tuple[str, str],
    stay: bool,
) -> tuple[str, ...]:
    """Run the service through the story and leave the results; what went otherwise, empty when nothing did."""
    clock = SetClock(OPENS_AT)
    arrived: list[Arrived] = []
    set_up_log(settings)
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's remarks on a login without TLS
    records = open_records(settings, clock=clock)
    with running_service(records) as service:
        with closing(Stage(service, clock=clock, smtp=smtp, imap_port=ports[0], login=login)) as stage:
            for letter, answers in show.working(stage.perform(STORY, until=ENDS_AT)):
                arrived.append(letter)
                show.letter(letter.scene, answers)
        complaints = _conclude(records, smtp, show, folder=folder, arrived=arrived)
        if stay:
            _go_on(service, clock, lambda page: show.stays(login, ports, page))
        return complaints


def _go_on(service: Service, clock: SetClock, tell: Callable[[str], None]) -> None:
    """The service at work and its page open until Ctrl-C; the clock runs on from the story's end."""
    listener = bind(LOOPBACK, 0)
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    clock.let_go()
    worker = threading.Thread(target=service.worker.run, name="worker", daemon=True)
    worker.start()
    try:
        # Ctrl-C may come at any line of this.
        with listener, suppress(KeyboardInterrupt):
            link = make_door(service.records, url=url).make_link(ORGANIZERS)
            address = link[2] if link is not None else url
            serve_until_stopped(service.records, listener, url=url, ready=lambda: tell(address))
    finally:
        service.worker.stop()
        worker.join(timeout=30)


def _conclude(
    records: Records, smtp: EmbeddedSmtp, show: Show, *, folder: Path, arrived: list[Arrived]
) -> tuple[str, ...]:
    with records.store.read() as view:
        outcomes = read_outcomes(view, arrived)
        complaints = (*(each.complaint for each in outcomes if each.complaint), *read_complaints(view, arrived))
    sent = [letter.raw for letter in smtp.letters]
    left = leave(folder, records, sent=sent, arrived=arrived, outcomes=outcomes, complaints=complaints)
    show.results(outcomes, left, complaints)
    return complaints


def _settings(data: Path, login: tuple[str, str], *, ports: tuple[int, int], log: Path) -> Settings:
    imap_port, smtp_port = ports
    (data / ROSTER_FILE).write_bytes(files("intake.demo").joinpath("texts", ROSTER_FILE).read_bytes())
    return Settings(
        folder=data,
        campaigns=(str(_campaign_file(data)),),
        mailbox=MailboxSettings.model_validate(
            {
                "address": login[0],
                "password": login[1],
                "host": LOOPBACK,
                "port": imap_port,
                "tls": "plain",
                "own_hosts": (MAILBOX_HOST,),
                "timeout_seconds": 20,
            }
        ),
        smtp=SmtpSettings.model_validate(
            {
                "host": LOOPBACK,
                "port": smtp_port,
                "tls": "plain",
                "username": login[0],
                "password": login[1],
                "seconds_between": 0,
                "timeout_seconds": 20,
            }
        ),
        digest=DigestSettings(recipients=(ORGANIZERS,)),
        log=LogSettings(file=log),
    )


def _campaign_file(folder: Path) -> Path:
    """The preset with an organizer, who may decide and sign in to the page."""
    path = folder / "campaigns" / f"{CAMPAIGN}.toml"
    path.parent.mkdir()
    organizer = f'organizers = [{{ name = "{ORGANIZER_NAME}", address = "{ORGANIZERS}" }}]'
    path.write_text(preset_text(CAMPAIGN).replace("[campaign]\n", f"[campaign]\n{organizer}\n", 1), encoding="utf-8")
    return path


def _takes(login: tuple[str, str]) -> object:
    """An authenticator of the SMTP server that knows one login."""
    from aiosmtpd.smtp import AuthResult, LoginPassword

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        known = LoginPassword(login[0].encode(), login[1].encode())
        return AuthResult(success=given == known)

    return check


def _require_extras() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise OperatorError(
            f"演示还缺少组件（{'、'.join(missing)}）：请运行 pip install {' '.join(missing)}，再试一次。"
        )


def _output_folder(asked: Path | None) -> Path:
    """A new folder for the results. Raises: OperatorError when the one asked for cannot be written."""
    if asked is not None:
        try:
            asked.mkdir(parents=True, exist_ok=True)
            _probe(asked)
        except OSError as error:
            raise OperatorError(f"演示结果写不到 {asked}（{error.strerror}）：请换一个文件夹。") from error
        return asked.absolute()
    with suppress(OSError):
        folder = _fresh(Path.cwd() / OUTPUT_FOLDER)
        _probe(folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="intake-demo-out-"))


def _fresh(parent: Path) -> Path:
    parent.mkdir(exist_ok=True)
    name = f"{datetime.now():%Y%m%d-%H%M%S}"  # noqa: DTZ005 - the wall clock of whoever looks for the folder
    for turn in range(100):
        folder = parent / (name if not turn else f"{name}-{turn}")
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise FileExistsError(parent)


def _probe(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=folder):
        pass
