"""The page 回信用语: every sentence of our letters by its key, for organizers who want to put one differently. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from config.settings import SENTENCES_FOLDER
from intake.replies import load_language
from intake.replies.keys import PLACEHOLDERS


def sentences_page() -> Iterator[str]:
    """The page's lines: one table for each group of keys, in the order of the contract."""
    language = load_language("zh-CN")
    yield "# 回信用语"
    yield ""
    yield "本页由 `python -m docs.generate` 根据程序生成，请勿直接修改。"
    yield ""
    yield f"想换个说法的句子，写在工作文件夹的 `{SENTENCES_FOLDER}/zh-CN.toml` 里；只写要改的，没有写的照用下面的。例如："
    yield ""
    yield "```toml"
    yield "[opening]"
    yield 'receipt = "{you}报送的案例{title}材料齐全，已转组委会初审；本回执不代表入选。感谢支持！"'
    yield "```"
    yield ""
    yield "花括号里是占位符，发信时换成实际内容，表中没有问号的都要留着。名称或占位符写错了，启动时和 `intake doctor` 会一次全部指出：哪个文件、第几行、可以写什么。"
    yield "改 `zh-TW`、`en` 的句子，文件名相应改为 `zh-TW.toml`、`en.toml`。日期的写法在 `[dates]`，见自带的语言文件。"
    yield "任何一句都可以用 `{office}`：落款是组委会的，发信时写“组委会”，其他的写“主办单位”；两个词在 `[office]` 里，可以改成自己的叫法，例如“评审办公室”。"
    for table, keys in groupby(sorted(PLACEHOLDERS, key=_table), key=_table):
        yield ""
        yield f"## [{table}]"
        yield ""
        yield "| 名称 | 自带的说法 | 占位符 |"
        yield "|---|---|---|"
        for key in keys:
            said = language.sentences[key].replace("|", "\\|")
            placeholders = " ".join(
                f"`{{{name.rstrip('?')}}}`{'?' * name.endswith('?')}" for name in PLACEHOLDERS[key].split()
            )
            yield f"| `{key.removeprefix(f'{table}.')}` | {said} | {placeholders} |"


def _table(key: str) -> str:
    return key.rpartition(".")[0]
