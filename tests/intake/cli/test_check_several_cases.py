"""`intake check` on files that make several cases."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.e2e.material import case, photo, photos
from tests.intake.cli.conftest import Intake


def test_archive_with_a_folder_for_each_case_is_told_case_by_case(intake: Intake, tmp_path: Path) -> None:
    packed = tmp_path / "报送案例.zip"
    with zipfile.ZipFile(packed, "w") as zipped:
        for at, name in enumerate(("grid_ledger", "kitchen_smoke")):
            zipped.writestr(f"{name}/{case(name).name}", case(name).data)
            for picture in photos(100 * at):
                zipped.writestr(f"{name}/{picture.name}", picture.data)
        zipped.writestr("合影.jpg", photo(900).data)

    told = json.loads(intake("check", "--campaign", "huli-2022", "--json", packed).out)

    assert [(each["verdict"], len(each["photos"])) for each in told["cases"]] == [("accepted", 5), ("accepted", 5)]
    assert told["unassigned"] == ["合影.jpg"]
