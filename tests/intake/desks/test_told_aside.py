"""Alarms by the second channel: robots of chat groups, a command."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from intake.edges.alarms import message_for, refusal_in
from tests.intake.desks.watched_house import House


class Robot(BaseHTTPRequestHandler):
    """A group robot on loopback."""

    heard: list[str]
    answers: list[bytes]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append(body["text"]["content"].splitlines()[0])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answers.pop(0) if self.answers else b'{"errcode":0}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        """Quiet."""


@pytest.fixture
def robot() -> Iterator[tuple[str, type[Robot]]]:
    handler = type("OneRobot", (Robot,), {"heard": [], "answers": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/key=geheim", handler
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_robot_hears_of_beginning_and_end_and_again_when_it_refused(
    tmp_path: Path, robot: tuple[str, type[Robot]]
) -> None:
    address, heard_by = robot
    heard_by.answers.append(b'{"errcode":45009,"errmsg":"api freq out of limit"}')
    house = House(tmp_path, webhook=address)

    house.minutes_pass(30, polls=False)
    house.minutes_pass(10, polls=True)

    begun, over = "征集收件报警：邮箱查收一直没有成功。", "征集收件已恢复：邮箱查收。"
    assert heard_by.heard == [begun, begun, over]
    house.store.close()


def test_command_gets_the_text_but_none_of_our_secrets_and_again_when_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAKE_MAILBOX__PASSWORD", "geheim")
    program = tmp_path / "tell.py"
    program.write_text(
        "import os, sys\n"
        f"first = not os.path.exists({str(tmp_path / 'heard.txt')!r})\n"
        f"with open({str(tmp_path / 'heard.txt')!r}, 'a', encoding='utf-8') as kept:\n"
        "    kept.write(os.environ['ALARM_STATE'] + ' ' + sys.stdin.buffer.read().decode().splitlines()[0] + '\\n')\n"
        "    kept.write(str('geheim' in os.environ.values()) + '\\n')\n"
        "sys.exit(first)\n",
        encoding="utf-8",
    )
    house = House(tmp_path, command=f'"{sys.executable}" "{program}"')

    house.minutes_pass(20, polls=False)
    house.minutes_pass(2, polls=True)

    assert (tmp_path / "heard.txt").read_text(encoding="utf-8").splitlines() == [
        "begun 征集收件报警：邮箱查收一直没有成功。",
        "False",
        "begun 征集收件报警：邮箱查收一直没有成功。",
        "False",
        "over 征集收件已恢复：邮箱查收。",
        "False",
    ]
    house.store.close()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", {"msgtype": "text", "text": {"content": "文"}}),
        ("https://oapi.dingtalk.com/robot/send?access_token=k", {"msgtype": "text", "text": {"content": "文"}}),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/k", {"msg_type": "text", "content": {"text": "文"}}),
    ],
)
def test_message_has_the_shape_its_robot_takes(address: str, message: dict[str, object]) -> None:
    assert message_for(address, "文") == message


@pytest.mark.parametrize(
    ("answer", "code"),
    [(b'{"errcode":0}', 0), (b'{"errcode":93000}', 93000), (b'{"code":19001}', 19001), (b"ok", 0), (b"[]", 0)],
)
def test_robot_that_refuses_with_status_200_is_understood(answer: bytes, code: int) -> None:
    assert refusal_in(answer) == code
