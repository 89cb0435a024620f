"""Runs a program of somebody else on a file of somebody else, shut in.

`caged` is the door. Inside, a program meets ceilings of its own, no network, none of our environment, and the time it is
given; it ends with whoever asked for it, along with all it started. Where bubblewrap or Landlock may be used it also sees
nothing of the machine but system libraries and what it is shown. `in_force` tells which of this holds on a machine.
"""

from parsers.cage.running import Caged, CageError, caged
from parsers.cage.sandbox import Walls, in_force
from parsers.cage.shape import Cage, Ceilings

__all__ = ["Cage", "CageError", "Caged", "Ceilings", "Walls", "caged", "in_force"]
