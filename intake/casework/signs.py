"""What casework knows of a campaign: words to recognise a submission by, never its rules. Pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit of the roster: who is expected to send."""

    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Lower case."""


@dataclass(frozen=True, slots=True)
class CampaignSigns:
    """The signs by which a letter is known to be meant for this campaign."""

    title: str = ""
    """The campaign's full title as published."""
    keywords: tuple[str, ...] = ()
    """Words of the subject matter: 社区治理, 网格治理 …"""
    sections: tuple[str, ...] = ()
    """Titles of the parts a case must have, as the call writes them."""
    categories: tuple[str, ...] = ()
    """The choices the call offers, in its order: an answer by number means them."""
    levels: tuple[str, ...] = ()
    organizers: tuple[str, ...] = ()
    """Names of the organizers: addressed in letters, never the sender's own unit."""
    forwarders: tuple[str, ...] = ()
    """Addresses of organizers and co-organizers, lower-case: what they pass on is its first sender's, and never theirs."""
    zone: str = "Asia/Shanghai"
    """IANA name: times that people write are in it."""
    photos_min: int = 0
    """How many photos the call asks for; 0 when it asks for none."""
    listed: tuple[ListedUnit, ...] = ()
    """The organizers' roster; empty without one."""
    form_wanted: bool = False
    """The call asks for a form beside the case."""
