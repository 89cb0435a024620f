"""Who may decide on a campaign, and the name it is recorded under. Pure.

An organizer is an address of the campaign file: two people may have one name, and one person two addresses.
"""

from __future__ import annotations

from config.campaign import Campaign
from intake.errors import OperatorError


def name_of(campaign: Campaign, address: str) -> str:
    """The name under which what comes from `address` is recorded, empty when it is no organizer's.

    A name that the list has for another address too is told with its address; one address that several share has
    the names of all.
    """
    listed = campaign.organizers
    own = address.strip().casefold()
    names = dict.fromkeys(each.name for each in listed if own and each.address.casefold() == own)
    shared = {each.name for each in listed if each.address.casefold() != own}
    return "、".join(f"{name}（{own}）" if name in shared else name for name in names)


def who_is(campaign: Campaign, said: str) -> str:
    """The name under which a person is recorded who calls himself `said`: a name of the list, or an address of it.

    Raises: OperatorError when the list has no such person, or several of that name.
    """
    said = said.strip()
    if name := name_of(campaign, said):
        return name
    addresses = {each.address.casefold() for each in campaign.organizers if each.name == said}
    if len(addresses) > 1:
        raise OperatorError(f"名单里有几位“{said}”，请改写邮箱：{'、'.join(sorted(addresses))}。")
    if addresses:
        return said
    names = dict.fromkeys(each.name for each in campaign.organizers)
    listed = f"现有：{'、'.join(names)}" if names else "目前一个也没有"
    raise OperatorError(
        f"“{said}”不在活动文件的 organizers 名单里（{listed}）。请先在 {campaign.file} 里加上姓名和邮箱。"
    )
