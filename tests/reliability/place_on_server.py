"""A working folder whose records live on a PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.copies import save_records
from storage.dialects import Database
from tests.reliability.place import Place
from tests.servers.postgresql import PostgresServer


@dataclass
class PlaceOnServer(Place):
    """As a place whose records are a file: they are copied into one whenever somebody looks."""

    server: PostgresServer | None = None
    database: str = ""

    def write_settings(self, *, folders: tuple[str, ...] = ("INBOX",)) -> None:
        """With the address of the database among the secrets."""
        super().write_settings(folders=folders)
        with (self.folder / ".env").open("a", encoding="utf-8") as secrets:
            secrets.write(f"INTAKE_DATABASE_URL={self.url}\n")

    @property
    def url(self) -> str:
        """Where the records live."""
        assert self.server is not None
        return self.server.url(self.database)

    @property
    def data(self) -> Path:
        """The data folder, with the records as they are now in a file as others have it."""
        folder = self.folder / "data"
        if folder.is_dir():
            for part in folder.glob("intake.sqlite3*"):
                part.unlink()
            save_records(Database(self.url, data_dir=folder), folder / "intake.sqlite3")
        return folder
