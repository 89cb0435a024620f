from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.intake.desks.office import Office, open_office

Open = Callable[..., Office]


@pytest.fixture
def open_at(tmp_path: Path) -> Iterator[Open]:
    """Open an office on the test's folder, with settings; closed at the end. Open it anew to change them."""
    with ExitStack() as offices:

        def start(**settings: Any) -> Office:
            offices.close()
            office = open_office(tmp_path, **settings)
            offices.callback(office.close)
            return office

        yield start
