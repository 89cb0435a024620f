"""A call (征集启事) ready to work with: its campaign file, and what each pure row needs of it. Reads campaign files, else pure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from config.campaign import Campaign, load_campaign, read_campaign, rule_tables
from config.complaints import did_you_mean
from config.errors import ConfigError
from config.errors import Problem as ConfigProblem
from config.roster import load_roster
from config.settings import Settings, load_campaigns
from intake.casework.reminding import Awaited, OfficeHours, reminds_at, repair_due_at
from intake.casework.signs import CampaignSigns, ListedUnit
from intake.checks import Rule, build_checks
from intake.checks.category import Category
from intake.checks.image_count import ImageCount
from intake.checks.level import Level
from intake.checks.required_sections import RequiredSections
from intake.replies.language import Language
from intake.replies.language_file import language_problems, load_language, own_languages, shipped_languages
from intake.replies.matter import CallRule, Letterhead
from parsers.facts import LetterFacts

PROMISED = timedelta(days=3)
"""How long announced material is waited for where no close says when to ask."""


@dataclass(frozen=True, slots=True)
class Call:
    """One campaign at work."""

    campaign: Campaign
    checks: tuple[Rule, ...]
    """In the order of the campaign file."""
    letterhead: Letterhead
    signs: CampaignSigns
    language: Language
    as_written: Campaign | None = None
    """The campaign as its file has it, when organizers have extended it since."""

    def ending(self, extended_to: datetime | None) -> Call:
        """This call with a later end; with None, or an earlier one than its file's, as its file has it."""
        campaign = self.as_written or self.campaign
        written = campaign.closes_at
        closes_at = max(written, extended_to) if written is not None and extended_to is not None else written
        if closes_at == self.campaign.closes_at:
            return self
        return replace(
            self,
            campaign=campaign.model_copy(update={"closes_at": closes_at}),
            letterhead=replace(self.letterhead, closes_at=closes_at),
            as_written=campaign,
        )

    def due_at(self, asked_at: datetime, *, closes_at: datetime | None = None) -> datetime | None:
        """Until when what was asked for at `asked_at` may come, exclusive; None when no end lies ahead.

        `closes_at`: the end of a case that was given longer than the others.
        """
        campaign = self.campaign
        closes_at = closes_at or campaign.closes_at
        return repair_due_at(asked_at, closes_at=closes_at, repair_days=campaign.repair_days, zone=campaign.zone)

    @property
    def office_hours(self) -> OfficeHours:
        """When the campaign's senders are written to unasked."""
        reminders = self.campaign.reminders
        return OfficeHours(reminders.opens, reminders.closes, frozenset(reminders.weekdays), self.campaign.zone)

    def promise_ends_at(self, received_at: datetime, *, closes_at: datetime | None = None) -> datetime:
        """Until when what a letter received then announced is waited for: the next day of reminders.

        Where none is left before the close, the close; after it nothing is waited for. `PROMISED` later where the
        campaign has no close.
        """
        due_at = closes_at or self.campaign.closes_at
        if due_at is None:
            return received_at + PROMISED
        if due_at <= received_at:
            return received_at
        awaited = Awaited(asked_at=received_at, due_at=due_at)
        days = self.campaign.reminders.days
        return reminds_at(awaited, self.office_hours, days=days, now=received_at) or due_at


def prepare_calls(
    campaigns: tuple[Campaign, ...],
    *,
    sender_address: str,
    sentences: Path | None = None,
    listed: tuple[ListedUnit, ...] = (),
) -> tuple[Call, ...]:
    """The campaigns with their rules understood, in the same order.

    `sentences`: the folder in which organizers keep sentences of their own, if there is one. `listed`: their roster.
    Raises: ConfigError listing every problem of every rule table of all campaigns, and of that folder.
    """
    calls: list[Call] = []
    problems = list(language_problems(sentences)) if sentences is not None else []
    for campaign in campaigns:
        try:
            calls.append(_prepare(campaign, sender_address, sentences, listed))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(dict.fromkeys(problems))  # several campaigns may speak one language
    return tuple(calls)


class Calls(Mapping[str, Call]):
    """The campaigns at work by id, in the order of the settings. Thread-safe.

    An end that a transaction gives a campaign is seen by its own thread alone until it is committed, and by nobody
    when it is not.
    """

    def __init__(self, calls: Iterable[Call]) -> None:
        self._standing = {call.campaign.id: call for call in calls}
        self._trial = threading.local()

    def __getitem__(self, campaign: str) -> Call:
        return self._seen()[campaign]

    def __iter__(self) -> Iterator[str]:
        return iter(self._seen())

    def __len__(self) -> int:
        return len(self._seen())

    def take_over(self, ends: Mapping[str, datetime]) -> None:
        """Let each end when organizers said, as far as `ends` knows; the others as their files have it."""
        self._standing = _ending(self._standing, ends)

    def try_out(self, ends: Mapping[str, datetime]) -> Callable[[bool], None]:
        """As `take_over`, for this thread alone until it calls what is handed back: with True, the ends hold for all."""
        self._trial.calls = _ending(self._seen(), ends)
        return self._settle

    def _settle(self, committed: bool) -> None:  # noqa: FBT001 - called back with nothing else
        tried = self._trial.__dict__.pop("calls", None)
        if committed and tried is not None:
            self._standing = tried

    def _seen(self) -> Mapping[str, Call]:
        tried: Mapping[str, Call] | None = self._trial.__dict__.get("calls")
        return self._standing if tried is None else tried


def _ending(calls: Mapping[str, Call], ends: Mapping[str, datetime]) -> dict[str, Call]:
    return {campaign: call.ending(ends.get(campaign)) for campaign, call in calls.items()}


def load_calls(settings: Settings) -> tuple[Call, ...]:
    """The campaigns the settings name, ready to work with, in order.

    Raises: ConfigError listing every problem of every file, those of rule tables beside those of the file around them.
    """
    try:
        campaigns = load_campaigns(settings)
    except ConfigError as error:
        others = (*rule_problems(settings.campaign_sources), *language_problems(settings.sentences))
        raise ConfigError((*error.problems, *others)) from error
    return prepare_calls(
        campaigns,
        sender_address=settings.mailbox.address,
        sentences=settings.sentences,
        listed=listed_units(settings.folder),
    )


def listed_units(folder: Path) -> tuple[ListedUnit, ...]:
    """The units of a working folder's roster; none of one with mistakes, which digest and `intake doctor` tell."""
    try:
        roster = load_roster(folder)
    except ConfigError:
        return ()
    return tuple(ListedUnit(unit.name, unit.aliases, unit.addresses) for unit in roster)


def load_call(path_or_preset: str | Path, *, sentences: Path | None = None) -> Call:
    """One campaign ready to judge by; `sentences` as in `prepare_calls`. Raises: ConfigError listing every problem."""
    try:
        campaign = load_campaign(path_or_preset)
    except ConfigError as error:
        raise ConfigError((*error.problems, *rule_problems([path_or_preset]))) from error
    return prepare_calls((campaign,), sender_address="", sentences=sentences)[0]


def rule_problems(sources: Iterable[str | Path]) -> tuple[ConfigProblem, ...]:
    """What is wrong with the rule tables of campaign files, whatever else is wrong with the files."""
    problems: list[ConfigProblem] = []
    for source in sources:
        try:
            rules = rule_tables(read_campaign(source))
        except ConfigError:
            continue  # told by whoever loads the whole file
        try:
            build_checks(rules)
        except ConfigError as error:
            problems += error.problems
    return tuple(problems)


def _prepare(campaign: Campaign, sender_address: str, sentences: Path | None, listed: tuple[ListedUnit, ...]) -> Call:
    checks = _checks(campaign, sentences)
    categories = tuple(choice for rule in checks if isinstance(rule, Category) for choice in rule.choices)
    return Call(
        campaign=campaign,
        checks=checks,
        letterhead=Letterhead(
            title=campaign.title,
            subject_tag=campaign.tag,
            signature=campaign.signature,
            zone=campaign.timezone,
            sender_address=sender_address,
            contact=campaign.contact,
            phone=campaign.phone,
            closes_at=campaign.closes_at,
            late_policy=campaign.late_policy,
            rules=tuple(CallRule(rule.id, rule.check, rule.quote) for rule in checks),
            categories=categories,
        ),
        signs=CampaignSigns(
            title=campaign.title,
            keywords=campaign.keywords,
            sections=tuple(s for rule in checks if isinstance(rule, RequiredSections) for s in rule.sections),
            categories=categories,
            levels=tuple(choice for rule in checks if isinstance(rule, Level) for choice in rule.choices),
            organizers=(campaign.signature, *(organizer.name for organizer in campaign.organizers)),
            forwarders=tuple(each.address.casefold() for each in (*campaign.organizers, *campaign.co_organizers)),
            zone=campaign.timezone,
            listed=listed,
            photos_min=max((rule.min or 0 for rule in checks if isinstance(rule, ImageCount)), default=0),
        ),
        language=load_language(campaign.language, sentences).signed(campaign.signature),
    )


def _checks(campaign: Campaign, sentences: Path | None) -> tuple[Rule, ...]:
    """The campaign's rules understood. Raises: ConfigError, an unknown reply language named beside the rules' problems."""
    problems = _language_problems(campaign, sentences)
    try:
        checks = build_checks(campaign.rules, grace_minutes=campaign.grace_minutes)
    except ConfigError as error:
        raise ConfigError((*problems, *error.problems)) from error
    if problems:
        raise ConfigError(problems)
    return checks


def _language_problems(campaign: Campaign, sentences: Path | None) -> tuple[ConfigProblem, ...]:
    known = (*shipped_languages(), *(own_languages(sentences) if sentences is not None else ()))
    if campaign.language in known:
        return ()
    line = campaign.rules[0].lines.get("campaign.language") if campaign.rules else None
    problem = f"没有“{campaign.language[:40]}”这种回信语言"
    advice = did_you_mean(campaign.language, known)
    return (ConfigProblem(campaign.file, "campaign.language", line, problem, advice),)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a letter goes when several calls share a mailbox."""

    calls: tuple[Call, ...]
    """Those it may be meant for, in their order: one, several that fit equally well, or none."""
    evidence: str
    """Why, for the record."""

    @property
    def call(self) -> Call | None:
        """The one it is meant for; None when none or several fit."""
        return self.calls[0] if len(self.calls) == 1 else None


def route(letter: LetterFacts, calls: Sequence[Call], *, received_at: datetime, thread: str | None = None) -> Route:
    """The call a letter is meant for. A single one takes everything.

    By the thread it answers, its own address or plus-tag, a word in the subject, else by what is open
    at that time. The first of these that fits any call decides; later ones do not choose among several.

    `thread`: the campaign of the letter of ours that it answers or whose 回执码 it quotes; None when there is none.
    """
    if len(calls) == 1:
        return Route(tuple(calls), "只有一个征集活动")
    addressed = {each.address.casefold() for each in (*letter.to, *letter.cc)}
    subject = letter.subject.casefold()
    steps: tuple[tuple[str, Callable[[Call], bool]], ...] = (
        ("回复我方来信", lambda call: call.campaign.id == thread),
        ("收件地址", lambda call: any(_is_addressed(call, address) for address in addressed)),
        ("主题", lambda call: any(word.casefold() in subject for word in call.campaign.routing.subject_keywords)),
        ("收到时正在征集", lambda call: _is_open(call, received_at)),
    )
    for evidence, fits in steps:
        fitting = tuple(call for call in calls if fits(call))
        if fitting:
            return Route(fitting, evidence)
    return Route((), "没有与来信对应的征集活动")


def _is_addressed(call: Call, address: str) -> bool:
    local = address.rpartition("@")[0]
    routing = call.campaign.routing
    return address in {own.casefold() for own in routing.addresses} or local.partition("+")[2] in {
        tag.casefold() for tag in routing.plus_tags
    }


def _is_open(call: Call, at: datetime) -> bool:
    campaign = call.campaign
    return (campaign.opens_at is None or campaign.opens_at <= at) and (
        campaign.closes_at is None or at < campaign.closes_at
    )
