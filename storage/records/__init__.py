"""What the unit of work takes and hands back: frozen records, never a live row. Pure data.

Names of fields are names of columns. All times are aware UTC. `New…` is what a caller
gives; the `…Record` comes back with its row number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
"""What a column of JSON holds."""
