"""Answers to questions, from the campaign's own rules; what they do not settle goes to a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.replies.matter import CaseReport, Topic
from intake.replies.sentences import describe_link, number_choices
from intake.replies.speech import Speech, title_of
from intake.wording import clean_text
from parsers.facts import SharedFile

_LINKS_SHOWN = 20
_CHECK_OF: dict[Topic, str] = {
    "length": "word_count",
    "sections": "required_sections",
    "photos": "image_count",
    "format": "accepted_formats",
    "category": "category",
    "level": "level",
}


UNASKED: frozenset[Topic] = frozenset({"nothing_attached", "only_linked", "encrypted"})
"""What the sender has to be told though nothing was asked."""
_FROM_THE_CALL = frozenset({*_CHECK_OF, "deadline"})


def answer_lines(speech: Speech, reports: Sequence[CaseReport]) -> tuple[str, ...]:
    """One sentence or two for each topic asked, in order, once each; empty when a person has to answer it all."""
    answered = {topic: lines for topic in speech.occasion.topics if (lines := _answer(speech, topic, reports))}
    if not answered:
        return ()
    lines = [line for topic in answered for line in answered[topic]]
    if not _FROM_THE_CALL.isdisjoint(answered):
        lines.append(speech.say("answer.by_the_call"))
    if len(answered) < len(set(speech.occasion.topics)):
        lines.append(speech.say("answer.other"))
    return tuple(lines)


def _answer(speech: Speech, topic: Topic, reports: Sequence[CaseReport]) -> list[str]:
    """Empty when the rules do not settle it."""
    match topic:
        case "deadline":
            return _deadline(speech)
        case "how_to_submit":
            return [speech.say("answer.how_to_submit", address=speech.letterhead.sender_address)]
        case "received":
            return [_received(speech, report) for report in reports] or [speech.say("answer.not_received")]
        case "draft_received":
            return [speech.say("answer.draft_received")]
        case "nothing_attached":
            return [speech.say("answer.nothing_attached")]
        case "only_linked":
            return [speech.say("answer.only_linked", files=_linked(speech))]
        case "encrypted":
            return [speech.say("answer.encrypted")]
        case "other":
            return []
        case _:
            return _quoted(speech, topic)


def _deadline(speech: Speech) -> list[str]:
    closes_at = speech.letterhead.closes_at
    if closes_at is None:
        return []
    key = "answer.deadline" if closes_at > speech.occasion.now_at else "answer.deadline_over"
    return [speech.say(key, closes_at=speech.close(closes_at))]


def _quoted(speech: Speech, topic: Topic) -> list[str]:
    if topic == "category" and speech.letterhead.categories:
        return [speech.say("answer.choices", choices=number_choices(speech.letterhead.categories, speech.language))]
    check = _CHECK_OF[topic]
    quotes = speech.letterhead.quotes_for(check)
    if not quotes:
        return []
    quoted = speech.language.join([speech.language.quote(quote) for quote in quotes])
    return [speech.say("answer.quoted", label=speech.say(f"check.{check}"), quotes=quoted)]


def _linked(speech: Speech) -> str:
    """The files a letter only links to, by name as far as it gives one; the first few of many."""
    files = speech.occasion.linked
    lines = [_link(speech, file) for file in files[:_LINKS_SHOWN]]
    if len(files) > _LINKS_SHOWN:
        lines.append(speech.say("item.more", count=len(files)))
    return speech.language.join(lines, "join")


def _link(speech: Speech, file: SharedFile) -> str:
    provider, detail = (
        speech.say(f"provider.{file.provider}"),
        describe_link(file.size_bytes, file.expires_at, voice=speech.voice),
    )
    name = speech.language.nest(clean_text(file.name))
    if not name:
        return speech.say("item.link_nameless", provider=provider, detail=detail)
    return speech.say("item.link", name=name, provider=provider, detail=detail)


def _received(speech: Speech, report: CaseReport) -> str:
    return speech.say(
        "answer.received",
        title=title_of(report),
        number=speech.number(report),
        received_at=speech.moment(report.received_at),
        state=speech.say(f"state.{report.state}"),
    )
