"""Records and raw letters: tables, unit of work, blob store, migrations. Knows no rule of any campaign.

The door of the room. Errors cost nothing to import; what needs SQLAlchemy is loaded
when it is first asked for, so that the command line answers at once. Records
lie in the modules of `storage.records`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from storage.errors import (
    AlreadyAnsweredError,
    ConflictError,
    CorruptError,
    DiskFullError,
    LockedFolderError,
    MissingRecordError,
    NetworkFolderError,
    ReadOnlyError,
    SchemaError,
    StorageBusyError,
    StorageError,
    UnreachableError,
)

if TYPE_CHECKING:
    from storage.letters import Incoming, LetterStore, StoredLetter
    from storage.lock import hold_folder
    from storage.store import Store
    from storage.unit_of_work import UnitOfWork, View

__all__ = [
    "AlreadyAnsweredError",
    "ConflictError",
    "CorruptError",
    "DiskFullError",
    "Incoming",
    "LetterStore",
    "LockedFolderError",
    "MissingRecordError",
    "NetworkFolderError",
    "ReadOnlyError",
    "SchemaError",
    "StorageBusyError",
    "StorageError",
    "Store",
    "StoredLetter",
    "UnitOfWork",
    "UnreachableError",
    "View",
    "hold_folder",
]

_LOADED_ON_DEMAND = {
    "Incoming": "storage.letters",
    "LetterStore": "storage.letters",
    "Store": "storage.store",
    "StoredLetter": "storage.letters",
    "UnitOfWork": "storage.unit_of_work",
    "View": "storage.unit_of_work",
    "hold_folder": "storage.lock",
}


def __getattr__(name: str) -> Any:
    if name not in _LOADED_ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LOADED_ON_DEMAND[name]), name)
