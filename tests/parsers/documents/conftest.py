"""Files that take a program to make, made once."""

from __future__ import annotations

import pytest

from parsers.documents.office import OfficeProgram, find_office
from tests.conftest import RequireServer
from tests.parsers.documents.office_files import SavedCase, save_case


@pytest.fixture(scope="session")
def office(require_server: RequireServer) -> OfficeProgram:
    """The office program of this machine."""
    found = find_office()
    require_server("LibreOffice", found)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def saved_case(office: OfficeProgram, tmp_path_factory: pytest.TempPathFactory) -> SavedCase:
    """One case in every format of Word, as an office program saves it."""
    return save_case(tmp_path_factory.mktemp("saved"), office)
