"""Options and arguments that several commands share, in one wording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HERE = Path()

Folder = Annotated[
    Path,
    typer.Option("--folder", "-C", envvar="INTAKE_FOLDER", help="工作文件夹，不写则为当前文件夹", show_default=False),
]
Campaign = Annotated[
    str, typer.Option("--campaign", help="活动代号或活动文件；工作文件夹里只有一个活动时可以不写", show_default=False)
]
CampaignId = Annotated[str, typer.Option("--campaign", help="活动代号；只有一个活动时可以不写")]
Number = Annotated[str, typer.Argument(metavar="登记编号", help="如 HL22-0017")]
Numbers = Annotated[list[str], typer.Argument(metavar="登记编号…", help="如 HL22-0017，可以写几个")]
By = Annotated[str, typer.Option("--by", "--who", help="作决定的人，活动文件 organizers 里的姓名")]
Why = Annotated[str, typer.Option("--why", help="理由，记录在案")]
