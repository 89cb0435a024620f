"""What of a file's members is read as one: each by itself, but the volumes of a split archive together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.archives.volumes import Style, set_digest, split_sets
from parsers.facts import Member


@dataclass(frozen=True, slots=True)
class Place:
    """A member to be read, or the volumes of one archive in their order."""

    members: tuple[Member, ...]
    """At least one; the first stands for all."""
    style: Style | None = None
    """How the volumes are named; None for a file by itself."""
    missing: tuple[int, ...] = ()
    """Numbers of the volumes that are not there."""

    @property
    def member(self) -> Member:
        """The one under whose name it is known."""
        return self.members[0]

    @property
    def key(self) -> str:
        """What its reading is found by: the file's hash, or that of the set."""
        if self.style is None:
            return self.member.sha256
        return set_digest([member.sha256 for member in self.members])

    @property
    def size_bytes(self) -> int:
        """All its files together."""
        return sum(member.size_bytes for member in self.members)


def places_of(members: Sequence[Member], *, container_name: str = "") -> tuple[Place, ...]:
    """What is to be read of `members`, in their order; a set stands where its first file stood.

    A file without a name, alone in its container, takes the container's: 案例.docx.gz holds 案例.docx.
    """
    if len(members) == 1 and not members[0].name and members[0].origin == "archive":
        named = container_name.rpartition(".")[0] or container_name
        return (Place((members[0].model_copy(update={"name": named}),)),)
    sets = split_sets([member.name for member in members])
    set_of = {place: each for each in sets for place in each.places}
    found: list[Place] = []
    for index, member in enumerate(members):
        each = set_of.get(index)
        if each is None:
            found.append(Place((member,)))
        elif index == min(each.places):
            volumes = tuple(members[place] for place in each.places)
            found.append(Place(volumes, each.style, each.missing))
    return tuple(found)
