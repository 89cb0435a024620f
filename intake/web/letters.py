"""What came and what became of it; letters put aside can be tried again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from intake.desks.replay import ReplayDesk
from intake.figures.ledger_words import IGNORED, OUTCOMES
from intake.filing.receipts import RECEIPT
from intake.web.belonging import is_kept_apart, parts_of
from intake.web.cases import PER_PAGE, pages, whole
from intake.web.door import Guest
from intake.web.site import Form, Site, asked_of
from intake.web.views import delivered_words, format_words, letter_row, missed_row, size_words
from intake.wording import clean_line
from storage.records.contents import FileRecord
from storage.rows.browsing import LetterSearch


def show_letters(site: Site, request: Request, guest: Guest) -> Response:
    """Letters that match, newest first."""
    asked = {name: asked_of(request, name)[:100] for name in ("outcome", "ignored", "q")}
    page = whole(request.query_params.get("page"), least=1)
    search = LetterSearch(
        outcome=asked["outcome"] if asked["outcome"] in OUTCOMES else "",
        ignored=asked["ignored"] if asked["ignored"] in IGNORED else "",
        text=asked["q"],
    )
    with site.records.store.read() as view:
        total = view.browsing.count_letters(search)
        rows = view.browsing.letters(search, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        missed = () if page > 1 or any(asked.values()) else view.browsing.never_stored(limit=PER_PAGE)
    return site.show(
        guest,
        "letters.html.j2",
        title="来信",
        rows=[letter_row(each, site.zone) for each in rows],
        missed=[missed_row(each, site.zone) for each in missed],
        total=total,
        asked=asked,
        filtered=any(asked.values()),
        outcomes=OUTCOMES,
        reasons=IGNORED,
        pages=pages(request.url.path, asked, page=page, last=max(1, -(-total // PER_PAGE))),
    )


def show_letter(site: Site, request: Request, guest: Guest) -> Response:
    """One letter: its words, its files, what became of it, our answers."""
    with site.records.store.read() as view:
        record = view.letters.get(request.path_params["key"])
        if record is None:
            line = "没有这封来信。"
            return site.show(
                guest, "message.html.j2", title="没有找到", status=404, view=view, lines=[line], back="/letters"
            )
        letter = site.records.readings.letter(view, record)
        files = view.files.of_letter(record.sha256)
        cases = view.cases.of_letter(record.sha256)
        answers = view.outgoing.of_letter(record.sha256)
        joined = view.cases.joined_to(record.sha256)
        parts = parts_of(view, record)
    evidence = dict(record.evidence or {})
    lines = [clean_line(str(line), 200) for line in evidence.get("lines", ())]
    return site.show(
        guest,
        "letter.html.j2",
        title="来信",
        letter=letter_row(record, site.zone),
        aside=record.outcome == "quarantined",
        reason=clean_line(record.reason, 200),
        traceback=record.traceback or "",
        text=letter.facts.text,
        quoted=letter.facts.quoted,
        files=[_file(each) for each in files],
        stored=site.records.letters.holds(record.sha256),
        handed_over=delivered_words(record),
        has_receipt=RECEIPT in evidence,
        parts=parts,
        kept_apart=is_kept_apart(record),
        notice="已办理。" if request.query_params.get("outcome") == "settled" else "",
        cases=[(case.number, case.title) for case in cases],
        joined=[clean_line(each.joined_by, 200) for each in joined if each.joined_by],
        evidence=lines,
        answers=[(mail.id, mail.subject) for mail in answers],
    )


def _file(file: FileRecord) -> tuple[str, str, str, str]:
    """Hash, name, format and size."""
    name = clean_line(file.name) or "（没有文件名）"
    return file.sha256, name, format_words(file.format), size_words(file.size_bytes)


def save_letter(site: Site, request: Request, guest: Guest) -> Response:
    """The letter as it came, to be saved; 404 where it is unknown or was cleared away."""
    key = request.path_params["key"]
    with site.records.store.read() as view:
        record = view.letters.get(key)
    if record is None or not site.records.letters.holds(record.sha256):
        return site.show(
            guest, "message.html.j2", title="没有找到", status=404, lines=["没有这封来信的原件。"], back="/letters"
        )
    path = site.records.letters.path(record.sha256)
    return FileResponse(path, filename=f"{record.sha256[:12]}.eml", media_type="application/octet-stream")


def retry(site: Site, request: Request, guest: Guest, _form: Form) -> Response:
    """Let a letter that was put aside be read and filed anew by the worker."""
    key = request.path_params["key"]
    desk = ReplayDesk(site.records.store, site.records.judge, clock=site.records.clock)
    found, _, _ = desk.sort((key,))
    if found != (key,):
        return site.show(
            guest, "message.html.j2", title="没有办理", status=409, lines=["这封来信没有留存待查。"], back="/letters"
        )
    desk.bring_back(key)
    return RedirectResponse(f"/letters/{key}", status_code=303)
