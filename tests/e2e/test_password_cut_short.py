"""A later letter states the password of an earlier one's archive, and the program ends as that archive comes open."""

from __future__ import annotations

from typing import Any

import pytest

from storage.rows.cases import CaseRows
from tests.e2e.conversation_files import files_of
from tests.e2e.world import World
from tests.letters import Draft

pytestmark = pytest.mark.server

LOCKED = "7z of case grid_ledger named 案例.docx; photos 1-5 named 材料.7z locked with ja2022"
SENDER = "jinan@qq.example"


class PowerCutError(BaseException):
    """The process ends here: nothing catches it, what was not committed is lost."""


def test_files_that_come_open_are_on_record_only_together_with_the_case_that_waits_for_them(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_world.arrives(Draft(subject="报送湖里区社区治理创新案例", sender=SENDER, files=files_of(LOCKED)))
    one_world.work(minutes=1)
    (locked,) = one_world.letters()
    one_world.arrives(Draft(subject="解压密码", text="解压密码：ja2022", sender=SENDER))
    one_world.service.collect.turn()

    with monkeypatch.context() as cut:

        def end(*_: Any, **__: Any) -> None:
            raise PowerCutError

        cut.setattr(CaseRows, "change", end)
        with pytest.raises(PowerCutError):
            one_world.service.read.turn()
    one_world.stop()
    half_done = [file.name for file in one_world.look(lambda view: view.files.of_letter(locked.sha256))]
    one_world.work(minutes=1)

    assert half_done == ["材料.7z"]
    assert [case.state for case in one_world.cases()] == ["accepted"]
    assert [reply.kind for reply in one_world.replies()] == ["fix_request", "receipt"]
