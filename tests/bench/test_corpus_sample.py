"""A sample of the collection of public test files, spread over all its classes, beside other readers: nothing may fail or stay open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus.__main__ import main
from parsers.documents.office import find_office
from tests.conftest import RequireServer

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
EVERY = 40

pytestmark = pytest.mark.xdist_group("office")


@pytest.mark.slow
def test_a_sample_of_public_files_is_read_as_others_read_it(
    require_server: RequireServer, capsys: pytest.CaptureFixture[str]
) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the collection of public test files is not here")
    require_server("LibreOffice", find_office())

    status = main(["--corpus", str(CORPUS), "--every", str(EVERY)])

    said = capsys.readouterr().out
    assert status == 0, said
    assert "; 0 failed; " in said
    assert said.rstrip().endswith(" 0 open")
