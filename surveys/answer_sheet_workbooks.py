"""The answer sheet of an audit: a workbook to fill in offline, with drop-downs and what each score looks like.

It holds what one person may answer. Hidden columns and a hidden sheet say which audit and which answers it was made
from; `answer_sheet_files` and `answer_sheet_rows` read it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.utils import timezone

from s11.web import dates
from surveys.answer_sheet_files import (
    ABOUT,
    ANSWERS,
    CODE,
    COMMENTARY,
    HOLDS,
    KEY,
    REASON,
    SCORE,
    VERSION,
)
from surveys.answer_sheet_rows import NOT_APPLICABLE, TOO_LONG, YES
from surveys.models import Audit
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards
from surveys.reach import Reach
from surveys.sheets import FORMULA_STARTS, LONGEST_CELL, Book, count_units, find_height

FORMAT: Final = 1
UPLOAD: Final = (
    "Upload it where you downloaded it. You see what would change before anything is saved; where a colleague has "
    "changed an answer since, you choose between the two."
)
FILL_IN: Final = "#fff8e1"
EDGE: Final = "#b8c3cd"
COLUMNS: Final = (
    (CODE, 9),
    ("Indicator", 44),
    ("What each score looks like", 60),
    (SCORE, 15),
    (REASON, 28),
    (COMMENTARY, 70),
    (HOLDS, 11),
    ("What to look at", 60),
    (KEY, 20),
    (VERSION, 9),
)
PLACES: Final = {title: place for place, (title, _) in enumerate(COLUMNS)}
OPEN: Final = {"text_wrap": True, "valign": "top", "locked": False, "bg_color": FILL_IN, "border": 1}
FORMATS: Final[dict[str, dict[str, Any]]] = {
    "open": OPEN | {"border_color": EDGE},
    # What a spreadsheet would read as a formula once somebody edits the cell; this keeps it a text.
    "open quoted": OPEN | {"border_color": EDGE, "quote_prefix": True},
    "choice": OPEN | {"border_color": EDGE, "align": "center"},
    "standard": {
        "bold": True,
        "font_size": 12,
        "font_color": "#1d4a6d",
        "bg_color": "#e9edf1",
        "valign": "vcenter",
    },
    "code": {"bold": True, "valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
}
# A person may change widths, heights and filters, and copy; what is asked stays as it is.
PROTECTION: Final = {"format_columns": True, "format_rows": True, "autofilter": True, "format_cells": True}


def make_answer_sheet(audit: Audit, reach: Reach) -> bytes:
    """An XLSX with what is there already. A fixed number of queries."""
    standards = list_answerable(get_asked_standards(audit), reach)
    book = Book(
        title=f"Answer sheet: {audit.organisation}, {audit.cycle}",
        partnership=str(audit.partnership),
        version=f"Downloaded on {dates.datetime(timezone.now())}",
        place=f"{audit.organisation}: {audit.cycle}",
        made_at=timezone.now(),
    )
    has_to_confirm = any(one.to_confirm for one in standards)
    add_how_to(book, audit, has_to_confirm=has_to_confirm)
    reasons = list_reasons(audit, standards)
    add_answers(book, audit, standards, reasons, has_to_confirm=has_to_confirm)
    add_about(book, audit, reasons)
    book.book.worksheets_objs[1].activate()
    return book.read()


def list_answerable(standards: Iterable[AskedStandard], reach: Reach) -> list[AskedStandard]:
    """What the person may answer: all that is asked, their own part, or what a return opened."""
    found = (
        AskedStandard(one.standard, tuple(item for item in one.items if reach.holds(item.indicator)))
        for one in standards
    )
    return [one for one in found if one.items]


def list_reasons(audit: Audit, standards: Iterable[AskedStandard]) -> list[str]:
    """The bank's; and what answers say already, as an import may have brought."""
    reasons = dict.fromkeys(str(reason) for reason in audit.questionnaire.not_applicable_reasons)
    for one in standards:
        for item in one.items:
            if item.answer is not None and item.answer.is_not_applicable:
                reasons.setdefault(item.answer.not_applicable_reason)
    return list(reasons)


def add_how_to(book: Book, audit: Audit, *, has_to_confirm: bool) -> None:
    sheet = book.book.add_worksheet("How to")
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 110)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    wrap = book.book.add_format(FORMATS["wrap"])
    number = book.book.add_format({"bold": True, "valign": "top", "align": "left"})
    sheet.write_string(0, 0, "Answer sheet", book.formats["title"])
    sheet.write_string(1, 0, f"{audit.organisation}: {audit.cycle}")
    sheet.write_string(2, 0, f"{audit.questionnaire}. Downloaded on {dates.datetime(timezone.now())}.")
    for place, step in enumerate(list_steps(audit, has_to_confirm=has_to_confirm), start=1):
        sheet.write_number(3 + place, 0, place, number)
        sheet.write_string(3 + place, 1, step, wrap)
        sheet.set_row(3 + place, find_height([(step, 110)]) + 4)
    sheet.protect("", PROTECTION)


def list_steps(audit: Audit, *, has_to_confirm: bool) -> list[str]:
    scale = "; ".join(f"{step['score']} {step['label'].lower()}" for step in audit.questionnaire.scale)
    holds = (
        f"Answers brought forward from your last audit are filled in. Where one still holds, choose {YES} under "
        f"‘{HOLDS}’. Where it does not, change it. Until then it does not count as answered."
    )
    return [
        f"On the sheet ‘{ANSWERS}’, fill in the coloured cells. The others are locked, to keep each answer in its row.",
        f"Score: choose from the list: {scale}. Beside each indicator stands what a 0, a 1 and a 2 look like.",
        f"‘{NOT_APPLICABLE}’ is not a score: choose it where an indicator is not about you, with a reason.",
        f"{COMMENTARY}: say what you have seen that shows it. Do not name a child, a parent or a carer.",
        *([holds] if has_to_confirm else []),
        "Leave out what you do not know yet. A missing row changes nothing; a cell that you empty does.",
        "Save the file as an Excel workbook (.xlsx), whatever program you use.",
        UPLOAD,
    ]


def add_answers(
    book: Book,
    audit: Audit,
    standards: Sequence[AskedStandard],
    reasons: Sequence[str],
    *,
    has_to_confirm: bool,
) -> None:
    sheet = book.add_page(ANSWERS)
    formats = {name: book.book.add_format(options) for name, options in FORMATS.items()}
    for place, (title, width) in enumerate(COLUMNS):
        is_hidden = title in {KEY, VERSION} or (title == HOLDS and not has_to_confirm)
        sheet.set_column(place, place, width, None, {"hidden": is_hidden})
        sheet.write_string(0, place, title, book.formats["head"])
    labels = {step["score"]: step["label"] for step in audit.questionnaire.scale}
    y = 1
    for one in standards:
        for x in range(len(COLUMNS) - 2):
            sheet.write_blank(y, x, None, formats["standard"])
        sheet.write_string(y, 0, str(one.standard), formats["standard"])
        sheet.set_row(y, 24)
        for item in one.items:
            y += 1
            _add_row(sheet, y, item, formats, labels)
            _add_choices(sheet, y, item, len(reasons))
        y += 1
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.set_zoom(90)
    sheet.protect("", PROTECTION)


def _add_row(
    sheet: Any, y: int, item: AskedIndicator, formats: dict[str, Any], labels: dict[int, str]
) -> None:
    one, answer = item.indicator, item.answer
    looks = "\n".join(f"{score} {labels[score]}: {text}" for score, text in enumerate(one.descriptors))
    critical = " (critical)" if one.is_critical else ""
    sheet.write_string(y, PLACES[CODE], one.code, formats["code"])
    sheet.write_string(y, 1, f"{one.text}{critical}", formats["wrap"])
    sheet.write_string(y, 2, looks[:LONGEST_CELL], formats["wrap"])
    sheet.write_string(y, PLACES["What to look at"], one.guidance[:LONGEST_CELL], formats["wrap"])
    sheet.write_string(y, PLACES[KEY], one.key)
    sheet.write_number(y, PLACES[VERSION], answer.version if answer else 0)
    if answer is not None and answer.score is not None:
        sheet.write_number(y, PLACES[SCORE], answer.score, formats["choice"])
    else:
        set_aside = NOT_APPLICABLE if answer is not None and answer.is_not_applicable else ""
        _write(sheet, (y, PLACES[SCORE]), set_aside, formats["choice"])
    reason, commentary = (answer.not_applicable_reason, answer.commentary) if answer else ("", "")
    _write(sheet, (y, PLACES[REASON]), reason, formats["open"])
    if count_units(commentary) > LONGEST_CELL:
        sheet.write_string(y, PLACES[COMMENTARY], TOO_LONG, formats["wrap"])
    else:
        is_risky = commentary.startswith(FORMULA_STARTS)
        _write(sheet, (y, PLACES[COMMENTARY]), commentary, formats["open quoted" if is_risky else "open"])
    _write(sheet, (y, PLACES[HOLDS]), "", formats["choice" if item.is_to_confirm else "wrap"])
    widths = [width for _, width in COLUMNS]
    texts = (one.text, 1), (looks, 2), (reason, 4), (commentary, 5), (one.guidance, 7)
    sheet.set_row(y, find_height((text, widths[place]) for text, place in texts))


def _write(sheet: Any, place: tuple[int, int], text: str, style: Any) -> None:
    if text:
        sheet.write_string(*place, text, style)
    else:
        sheet.write_blank(*place, None, style)


def _add_choices(sheet: Any, y: int, item: AskedIndicator, reasons: int) -> None:
    """Drop-downs, with what is said to who types something else."""
    scores: list[object] = [0, 1, 2]
    may_be_set_aside = item.indicator.may_be_not_applicable
    words = (
        f"Choose 0, 1, 2 or {NOT_APPLICABLE}." if may_be_set_aside else "Choose 0, 1 or 2: it always applies."
    )
    lists: list[tuple[str, object, str]] = [
        (SCORE, [*scores, NOT_APPLICABLE] if may_be_set_aside else scores, words)
    ]
    if may_be_set_aside and reasons:
        source = f"='{ABOUT}'!$C$1:$C${reasons}"
        lists.append((REASON, source, f"Choose a reason from the list, if the score is {NOT_APPLICABLE}."))
    if item.is_to_confirm:
        lists.append((HOLDS, [YES], f"Choose {YES}, or leave it empty."))
    for title, choices, message in lists:
        options = {"validate": "list", "source": choices, "error_title": title, "error_message": message}
        sheet.data_validation(y, PLACES[title], y, PLACES[title], options)


def add_about(book: Book, audit: Audit, reasons: Sequence[str]) -> None:
    """Which audit it belongs to, and the reasons for the drop-down; nobody needs to see it."""
    sheet = book.book.add_worksheet(ABOUT)
    for y, (name, value) in enumerate(describe(audit).items()):
        sheet.write_string(y, 0, name)
        sheet.write_string(y, 1, value)
    for y, reason in enumerate(reasons):
        sheet.write_string(y, 2, reason)
    sheet.hide()
    sheet.protect("")


def describe(audit: Audit) -> dict[str, str]:
    """What the hidden sheet says."""
    return {
        "format": str(FORMAT),
        "audit": str(audit.pk),
        "bank": str(audit.questionnaire.pk),
        "title": f"{audit.organisation}: {audit.cycle}",
    }
