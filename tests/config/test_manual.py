from __future__ import annotations

from pathlib import Path

import pytest

from docs import generate


def test_the_manual_in_the_repository_is_up_to_date() -> None:
    assert generate.main(["--check"]) == 0, "run: python -m docs.generate"


def test_a_stale_manual_is_noticed_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "TARGET", tmp_path / "configuration.md")

    assert generate.main(["--check"]) == 1
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    generate.TARGET.write_text("old", encoding="utf-8")
    assert generate.main(["--check"]) == 1


def test_every_field_of_the_manual_is_described() -> None:
    undescribed = [line for line in generate.manual().splitlines() if line.startswith("| `") and line.endswith("|  |")]

    assert undescribed == []
