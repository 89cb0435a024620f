"""Small copies of pictures, made when first asked for. The pictures themselves never reach a browser."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from intake.bootstrap import Records
from intake.edges.thumbnails import Thumbnails
from intake.lookups import OnRecord
from intake.web.door import Guest
from intake.web.readers import PageReaders
from intake.web.site import Site


class PictureShelf:
    """Thumbnails for the page. One letter is opened at a time: a page asks for all its pictures at once."""

    def __init__(self, records: Records, readers: PageReaders) -> None:
        self._records = records
        self._on_record = OnRecord(records.store, records.readings)
        self._readers = readers
        self._turn = threading.Lock()

    def get(self, sha256: str, *, wanted: Sequence[str], letters: Sequence[str]) -> bytes | None:
        """The thumbnail of a picture that one of `letters` holds, with those of `wanted` made beside it; None when it cannot be shown."""
        with self._turn:
            thumbnails = Thumbnails(
                self._records.letters,
                self._readers.get(),
                limits=self._records.limits,
                cache=self._records.settings.data_dir / "cache" / "thumbnails",
            )
            kept = thumbnails.get(sha256)
            if kept is not None:
                return kept
            for key in letters:
                thumbnails.make(
                    key, wanted, known=self._on_record.known, stated_elsewhere=self._on_record.stated_elsewhere
                )
            return thumbnails.get(sha256)


def show_thumbnail(site: Site, request: Request, _guest: Guest) -> Response:
    """The thumbnail of a picture of a case: a JPEG of our own making; 404 where there is none."""
    number, sha256 = request.path_params["number"], request.path_params["sha256"]
    with site.records.store.read() as view:
        case = view.cases.by_number(number)
        letters = [record.sha256 for record in view.letters.of_case(case.id)] if case is not None else []
        files = {key: [file.sha256 for file in view.files.of_letter(key) if file.format == "image"] for key in letters}
    holders = [key for key, pictures in files.items() if sha256 in pictures]
    wanted = [each for key in holders for each in files[key]]
    shown = site.pictures.get(sha256, wanted=wanted, letters=holders) if holders else None
    if shown is None:
        return Response(status_code=404)
    return Response(shown, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
