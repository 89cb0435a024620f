"""Plays a scripted conversation against a running service, and compares what came with what the script says.

Beside what a script says, every conversation must keep what is promised of all of them: see `_promises`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from importlib import resources

from intake.bootstrap import make_decide_desk
from intake.desks.decide import DecisionKind
from intake.desks.release import release_queue, write_again_to
from storage.records.casebook import CaseRecord
from tests.e2e.conversation_bounces import message_id, returned
from tests.e2e.conversation_copies import SPEC, marked_copy
from tests.e2e.conversation_files import files_of
from tests.e2e.conversation_script import CLIENT_NAMES, Answer, CaseLine, Event, Script
from tests.e2e.world import FIRST_DAY, ORGANIZER, TO_ORGANIZERS, Reply, World
from tests.letters import CHINA, CLIENTS, Draft, File, Quoted

CLERK = "林秘书"
HOST = "mx.huli.example"
OURSELVES = "mailbox@itself.example"
"""In a script: the address of the mailbox."""
_DECISIONS: dict[str, DecisionKind] = {
    "passes": "pass",
    "returns": "return",
    "waives": "waive",
    "chooses": "choose",
}
_CLIENTS = dict(zip(CLIENT_NAMES, CLIENTS, strict=True))
_FORBIDDEN = (
    "修改通知",
    "受理",
    "违反",
    "拒绝",
    "不合格",
    "抄袭",
    "雷同",
    "文件损坏",
    "23:59:59",
    "民國",
    "{",
    "}",
    "None",
)
"""Words no letter of ours may hold; 受理 stands in 不予受理 only when a call says so."""
_AUTOMATIC = "本邮件由征集邮箱自动核对后发出，可直接回复，工作人员会看到。"


class Player:
    """One conversation on one world."""

    def __init__(self, script: Script, world: World) -> None:
        self.script = script
        self.world = world
        self.letters: list[Draft] = []
        """What was written to the mailbox, as it was sent; a script counts from 1."""
        self._heard = 0
        """How many letters of ours were looked at."""
        world.tables["digest"] = {"recipients": (ORGANIZER,)}
        world.tables["answer_from"] = FIRST_DAY
        world.tables["mailbox"] = {"authentication_hosts": (HOST,)}
        for table, key, value in script.tables:
            world.tables.setdefault(table, {})[key] = tomllib.loads(f"value = {value}")["value"]
        write_campaign(world, dict(script.settings))
        if script.two_campaigns:
            write_second_campaign(world)

    def play(self) -> None:
        """From the first event to the last. Raises: AssertionError that names file and line."""
        events = self.script.events
        for place, event in enumerate(events):
            if event.at > self.world.clock.now():
                self.world.clock.set(event.at)
            self._happen(event)
            if place + 1 < len(events) and events[place + 1].at == event.at and not (event.answers or event.cases):
                continue  # letters of one minute are seen by the same poll
            self.world.work()
            self._compare(event)
        self._promises()

    # --- what happens

    def _happen(self, event: Event) -> None:
        if event.act == "bounces":
            self._bounce(event)
        elif event.is_letter:
            self.letters.append(self._arrives(event))
        elif event.act in ("lifts", "releases"):
            self._let_go(event)
        elif event.act == "by_hand":
            meant = self.letters[event.letter - 1]
            by_hand = Draft(
                subject=f"回复：{meant.subject}", text=event.text[0], sender=self.world.box.address,
                to=meant.sender, in_reply_to=meant.message_id, at=event.at,
            )  # fmt: skip
            self.world.box.put(_CLIENTS["a plain program"](by_hand), event.at, folder=self.world.box.sent)
        elif event.act == "moves":
            folder, target = self._folder(event.folder), self._folder(event.target)
            self.world.box.move(self.world.box.uids(folder)[event.letter - 1], target, folder=folder)
        elif event.act == "copy":
            meant = self.letters[event.letter - 1]
            again = replace(meant, extra={**meant.extra, **dict(event.headers)})
            self.world.box.put(_CLIENTS["a plain program"](again), event.at, folder=self._folder(event.folder))
        elif event.act in _DECISIONS:
            self._decide(event)

    def _arrives(self, event: Event) -> Draft:
        files = tuple(file for line in event.files for file in self._files(event, line))
        extra = dict(event.headers)
        draft = Draft(
            subject=event.subject or "", text="\n".join(event.text), name=event.name or event.who.partition("@")[0],
            sender=self._sender(event), files=files, received=((HOST, event.at),),
            cc=tuple(filter(None, extra.pop("Cc", "").split(", "))), extra=extra,
        )  # fmt: skip
        if event.act in ("replies", "quotes"):
            ours = self._answered(event)
            past = Quoted(
                text="\n".join(ours.text.splitlines()),
                name="征集邮箱",
                address=self.world.box.address,
                at=event.at,
                to=ours.to,
                subject=ours.subject,
            )
            subject = f"回复：{ours.subject}" if event.subject is None else event.subject
            known = ours.message_id if event.act == "replies" else None
            draft = replace(draft, subject=subject, quoted=past, in_reply_to=known)
        return self.world.arrives(draft, folder=self._folder(event.folder), client=_CLIENTS[event.client])

    def _files(self, event: Event, line: str) -> tuple[File, ...]:
        if not line.startswith(SPEC):
            return files_of(line)
        return (marked_copy(line, [reply.raw for reply in self.world.everything_sent() if reply.to == event.who]),)

    def _sender(self, event: Event) -> str:
        return self.world.box.address if event.who == OURSELVES else event.who

    def _bounce(self, event: Event) -> None:
        """The last letter of ours to an address comes back."""
        places = [n for n, reply in enumerate(self.world.everything_sent()) if reply.to == event.target]
        assert places, f"{self._where(event)}: we wrote nothing that could come back"
        ours, raw = self.world.everything_sent()[places[-1]], self.world.smtp.letters[places[-1]].raw
        form, reason = event.text
        back = returned(ours, raw, form=form, reason=reason, sender=event.who, to=self.world.box.address, at=event.at)
        self.letters.append(Draft(subject="", message_id=message_id(event.at, event.who)))
        self.world.box.put(back, self.world.clock.now(), folder="INBOX")

    def _let_go(self, event: Event) -> None:
        if event.act == "lifts":
            write_again_to(self.world.records.store, event.who, by=CLERK, at=event.at)
        else:
            release_queue(self.world.records.store, by=CLERK, at=event.at)

    def _answered(self, event: Event) -> Reply:
        """The letter of ours that is answered: the last to this address, or the last that names the number."""
        heard = [reply for reply in self.world.everything_sent() if reply.to == event.who]
        if all(reply.kind not in TO_ORGANIZERS for reply in heard):
            heard = [reply for reply in self.world.replies() if event.number or reply.to == event.who]
        ours = [reply for reply in heard if event.number in reply.text]
        ours = ours or [reply for reply in self.world.everything_sent() if event.number and event.number in reply.text]
        assert ours, f"{self._where(event)}: we wrote nothing that could be answered"
        return ours[-1]

    def _decide(self, event: Event) -> None:
        records = self.world.records
        desk = make_decide_desk(records, undo_for=timedelta(0))
        kind = _DECISIONS[event.act]
        version = int(event.rule) if kind == "choose" else None
        rule = event.rule if kind == "waive" else None
        desk.decide(event.number, kind=kind, who=CLERK, why=event.text[0], rule=rule, version=version)

    def _folder(self, name: str) -> str:
        return {"Junk": self.world.box.junk, "Sent": self.world.box.sent}.get(name, name)

    # --- what must have come of it

    def _compare(self, event: Event) -> None:
        sent = self.world.everything_sent()
        new, self._heard = sent[self._heard :], len(sent)
        self._compare_answers(event, list(new))
        if event.is_letter:
            self._compare_outcome(event)
        if event.cases is not None:
            self._compare_cases(event, event.cases)

    def _compare_answers(self, event: Event, new: list[Reply]) -> None:
        left = list(new)
        for answer in event.answers:
            to = ORGANIZER if answer.to == "organizers" else answer.to
            fits = [each for each in left if (each.to, each.kind) == (to, answer.kind) and _names(each, answer)]
            assert fits, f"{self._where(event)}: {_said(answer)} did not go out; what did: {_list(left)}"
            left.remove(fits[0])
            self._compare_words(event, answer, fits[0])
        unexpected = [each for each in left if each.kind not in {"digest", "case_notice"}]
        assert unexpected == [], f"{self._where(event)}: not in the script, but sent: {_list(unexpected)}"

    def _compare_words(self, event: Event, answer: Answer, reply: Reply) -> None:
        told = f"{reply.subject}\n{reply.text}"
        for words in answer.says:
            assert words in told, f"{self._where(event)}: “{words}” is not in our {reply.kind}:\n{told}"
        for words in answer.never_says:
            assert words not in told, f"{self._where(event)}: “{words}” stands in our {reply.kind}:\n{told}"

    def _compare_outcome(self, event: Event) -> None:
        meant = self.letters[-1]
        found = [each.ignored or each.outcome for each in self.world.letters() if each.message_id == meant.message_id]
        assert set(found) == {event.kept_as}, f"{self._where(event)}: kept as {found}, not as {event.kept_as}"

    def _compare_cases(self, event: Event, expected: tuple[CaseLine, ...]) -> None:
        cases = {case.number: case for case in self.world.cases()}
        found = {number: case.state for number, case in cases.items()}
        assert found == {each.number: each.state for each in expected}, f"{self._where(event)}: cases stand {found}"
        for line in expected:
            is_so = {what: self._fact(cases[line.number], what) for what, _ in line.more}
            assert is_so == dict(line.more), f"{self._where(event)}: {line.number} has {is_so}"

    def _fact(self, case: CaseRecord, what: str) -> str:
        revisions = self.world.look(lambda view: view.cases.revisions(case.id))
        files = revisions[-1].summary["files"] if revisions else []
        if what == "photos":
            return str(sum(1 for file in files if file["role"] == "photo" and file["counted"]))
        if what == "documents":
            return str(sum(1 for file in files if file["role"] == "case"))
        if what == "revision":
            return str(len(revisions))
        if what == "received":
            return f"{revisions[-1].received_at.astimezone(CHINA):%m-%d %H:%M}"
        return str(getattr(case, what) or "")

    # --- what holds in every conversation

    def _promises(self) -> None:
        """Nothing is lost, nobody is told twice, no trace is left, and no letter speaks as none of ours may."""
        where, replies = self.script.path.name, self.world.replies()
        answers = Counter(reply.in_reply_to for reply in replies if reply.in_reply_to and reply.kind != "decision")
        twice = {letter: count for letter, count in answers.items() if count > 1}
        assert twice == {}, f"{where}: letters answered more than once: {twice}"
        waiting = [letter.message_id for letter in self.world.letters() if letter.outcome == "collected"]
        assert waiting == [], f"{where}: letters without an outcome: {waiting}"
        uneven = [row for row in self.world.equation() if row[1] != row[2]]
        assert uneven == [], f"{where}: folders whose letters are not all on record: {uneven}"
        marked = [flags for flags in self.world.box.flags() if b"\\Seen" in flags]
        assert marked == [], f"{where}: letters marked as read"
        for reply in replies:
            told = f"{reply.subject}\n{reply.text}".replace("不予受理", "")
            wrong = [word for word in _FORBIDDEN if word in told]
            assert wrong == [], f"{where}: our {reply.kind} to {reply.to} says {wrong}:\n{told}"
            assert told.count(_AUTOMATIC) == 1, f"{where}: our {reply.kind} to {reply.to} says not once who wrote it"

    def _where(self, event: Event) -> str:
        return f"{self.script.path.name}:{event.line}"


def write_campaign(world: World, changed: dict[str, str]) -> None:
    """The campaign of the conversations: huli-2022 with a person, a telephone, and what the script changes."""
    preset = (resources.files("config") / "campaigns" / "huli-2022.toml").read_text(encoding="utf-8")
    values = {
        "contact": '"林秘书"',
        "phone": '"0592-5550100"',
        "organizers": f'[{{ name = "{CLERK}", address = "{ORGANIZER}" }}]',
        **changed,
    }
    for key, value in values.items():
        line = f"{key} = {value}\n"
        old = re.search(rf"(?m)^{key} = .*\n", preset)
        preset = preset.replace(old.group() if old else "[campaign]\n", line if old else f"[campaign]\n{line}", 1)
    folder = world.folder / "campaigns"
    folder.mkdir(exist_ok=True)
    (folder / "huli-2022.toml").write_text(preset, "utf-8")


def write_second_campaign(world: World) -> None:
    """Another campaign at the same mailbox, told apart by words of the subject; its rules are the same."""
    folder = world.folder / "campaigns"
    first = (folder / "huli-2022.toml").read_text("utf-8")
    second = first.replace('id = "huli-2022"', 'id = "pingan-2022"').replace("HL22", "PA22")
    second = second.replace("社区治理创新案例征集", "平安建设案例征集").replace("湖里区案例征集", "平安案例征集")
    for campaign, text, word in (("huli-2022", first, "社区治理"), ("pingan-2022", second, "平安建设")):
        routed = re.sub(r"(?m)^subject_keywords = .*$", f'subject_keywords = ["{word}"]', text)
        (folder / f"{campaign}.toml").write_text(routed, "utf-8")
    world.tables["campaigns"] = ("huli-2022", "pingan-2022")


def _names(reply: Reply, answer: Answer) -> bool:
    return all(number in f"{reply.subject}\n{reply.text}" for number in answer.numbers)


def _said(answer: Answer) -> str:
    return " ".join((f"a {answer.kind} to {answer.to}", *answer.numbers))


def _list(replies: list[Reply]) -> str:
    return "; ".join(f"a {each.kind} to {each.to} ({each.subject})" for each in replies) or "nothing"
