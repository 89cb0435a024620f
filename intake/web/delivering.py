"""The form by which a delivery is registered, read as what was handed over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from intake.edges.records import delivery_from_json, delivery_to_json
from intake.edges.wrapping import CHANNELS, is_mail_address
from intake.model import Delivery, DeliveryChannel
from intake.web.asking import UnclearFormError

LONGEST = 200
"""Characters of one field; of a remark four times as many."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the form says beside the files."""

    delivered: Delivery
    campaign: str
    received_at: datetime
    number: str
    """The case it is for; empty when that is not known yet."""
    tells: bool
    """The sender known to speak for that case hears how it stands."""
    registered: str = ""
    """Hash of the letter it has become; empty before it is on record."""


def read_delivery(form: Mapping[str, str], *, who: str, campaign: str, zone: ZoneInfo, now: datetime) -> Said:
    """What the form says. `who`: the organizer at the page. Raises: UnclearFormError."""
    channel = next((each for each in _channels() if each == form.get("channel", "")), None)
    if channel is None:
        raise UnclearFormError("请选送交方式。")
    received_by = _field(form, "by") or who
    address = _field(form, "address")
    if address and not is_mail_address(address):
        raise UnclearFormError("告知结果的邮箱写得不对。不需要告知的，可以不写。")
    delivered = Delivery(
        channel,
        received_by,
        place=_field(form, "place"),
        on_paper=form.get("paper", "") == "yes" or channel == "paper",
        unit=_field(form, "unit"),
        title=_field(form, "title").strip("《》"),
        contact=_field(form, "contact"),
        phone=_field(form, "phone"),
        remark=form.get("remark", "").strip()[: 4 * LONGEST],
        password=form.get("password", "").strip()[:LONGEST],
        address=address,
        registered_by=who if who != received_by else "",
    )
    return Said(
        delivered, campaign, _received_at(form, zone, now), _number(form.get("case", "")), form.get("tells") == "yes"
    )


def corrected(said: Said, form: Mapping[str, str]) -> Said:
    """`said` with unit, title and number as the form has them now, and with another password when it has one."""
    delivered = replace(
        said.delivered,
        unit=_field(form, "unit"),
        title=_field(form, "title").strip("《》"),
        password=form.get("password", "").strip()[:LONGEST] or said.delivered.password,
    )
    return replace(said, delivered=delivered, number=_number(form.get("case", "")))


def said_to_json(said: Said) -> dict[str, Any]:
    """What is kept beside the files until they are registered."""
    return {
        "delivered": delivery_to_json(said.delivered),
        "campaign": said.campaign,
        "received_at": said.received_at.isoformat(),
        "number": said.number,
        "tells": said.tells,
        "registered": said.registered,
    }


def said_from_json(stored: dict[str, Any]) -> Said:
    """What `said_to_json` wrote."""
    delivered = delivery_from_json(stored["delivered"])
    assert delivered is not None
    received_at = datetime.fromisoformat(stored["received_at"])
    return Said(**{**stored, "delivered": delivered, "received_at": received_at})


def _channels() -> tuple[DeliveryChannel, ...]:
    return ("onsite", "usb", "paper", "chat")


def _field(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())[:LONGEST]


def _number(written: str) -> str:
    return "".join(written.split()).upper()[:LONGEST]


def _received_at(form: Mapping[str, str], zone: ZoneInfo, now: datetime) -> datetime:
    written = form.get("at", "").strip()
    if not written:
        return now
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise UnclearFormError("收到时间请写成 2022-12-19 10:00 的样子。") from None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if at > now:
        raise UnclearFormError("收到时间在现在之后，请检查日期和时间。")
    return at


assert set(_channels()) == set(CHANNELS)
