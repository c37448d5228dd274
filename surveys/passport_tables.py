"""The tables of an audit's zip: answers, facts, evidence, actions, sign-offs and the trail, a row at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from operator import itemgetter
from typing import Any

from surveys.models import (
    Action,
    ActionUpdate,
    AnswerChange,
    AnswerEvidence,
    Audit,
    AuditEvent,
    EvidenceChange,
    ProfileChange,
)
from surveys.overview_csv import neutralise
from surveys.passport_archives import ArchiveWriter
from surveys.passports import Passport
from surveys.reading import Reading
from surveys.trail import Limits, Wanted, list_sources

# So many rows of the trail are in memory at once.
BATCH = 200
Row = dict[str, Any]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "answers.csv": (
        "standard",
        "code",
        "key",
        "statement",
        "score",
        "not_applicable_reason",
        "commentary",
        "no_action_reason",
        "confirmed",
        "changed_at",
        "changed_by",
        "evidence",
    ),
    "profile.csv": ("code", "text", "kind", "value"),
    "evidence.csv": (
        "id",
        "title",
        "kind",
        "effective_on",
        "expires_on",
        "number",
        "file",
        "name",
        "content_type",
        "size",
        "sha256",
        "url",
        "reference",
        "added_at",
        "removal_reason",
    ),
    "actions.csv": (
        "id",
        "answer",
        "what",
        "measure",
        "owner",
        "starts_on",
        "due_on",
        "first_due_on",
        "priority",
        "status",
        "percent",
        "impact",
        "created_at",
        "evidence",
    ),
    "sign-offs.csv": (
        "asked_at",
        "asked_by",
        "decision",
        "statement",
        "decided_at",
        "decided_by",
        "submission",
    ),
    "trail.csv": ("at", "by", "kind", "indicator", "what", "before", "after"),
}


def say(value: object) -> str:
    return "" if value is None else str(value)


def write_tables(
    writer: ArchiveWriter, reading: Reading, passport: Passport, sections: Mapping[str, list[Row]]
) -> None:
    standards = {
        item.indicator.key: standard.name for standard in reading.standards for item in standard.asked.items
    }
    titles = {item.id: item.title for item in passport.evidence}

    def name(ids: Iterable[str]) -> str:
        return "; ".join(titles[one] for one in ids)

    answers = (
        {**_as_row(one), "standard": standards[one.key], "evidence": name(one.evidence)}
        for one in passport.answers
    )
    evidence = (
        {**_as_row(item), **_as_row(version)} for item in passport.evidence for version in item.versions
    )
    actions = ({**_as_row(one), "evidence": name(one.evidence)} for one in passport.actions)
    tables: dict[str, Iterable[Row]] = {
        "answers.csv": answers,
        "profile.csv": sections["profile"],
        "evidence.csv": evidence,
        "actions.csv": actions,
        "sign-offs.csv": sections["sign_offs"],
    }
    for file, rows in tables.items():
        _write_csv(writer, file, rows)


def _as_row(thing: Any) -> Row:
    return {name: getattr(thing, name) for name in thing.__slots__}


def _write_csv(writer: ArchiveWriter, name: str, rows: Iterable[Row]) -> None:
    """With a byte-order mark, as every CSV here; what a spreadsheet would run is text."""
    with writer.open(name) as member:
        # The encoding writes the mark at the beginning alone.
        text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="", write_through=True)
        table = csv.DictWriter(text, COLUMNS[name], extrasaction="ignore")
        table.writeheader()
        for row in rows:
            table.writerow({column: _make_cell(row[column]) for column in COLUMNS[name]})
        text.detach()


def _make_cell(value: object) -> str | int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return neutralise(value.isoformat() if hasattr(value, "isoformat") else str(value))


# The trail ------------------------------------------------------------------------------------------------------------


def write_trail(writer: ArchiveWriter, audit: Audit, limits: Limits | None) -> None:
    """Twice the same, a row at a time: it may be long."""
    _write_csv(writer, "trail.csv", iterate_trail(audit, limits))
    with writer.open("trail.json") as member:
        mark = b"["
        for row in iterate_trail(audit, limits):
            member.write(mark + b"\n" + json.dumps(row, ensure_ascii=False).encode())
            mark = b","
        member.write(b"\n]\n" if mark == b"," else b"[]\n")


def iterate_trail(audit: Audit, limits: Limits | None) -> Iterator[Row]:
    """Oldest first, whoever may see the history may see this."""
    sources = list_sources(audit, Wanted(), limits)
    streams = [
        (row for thing in found.order_by(at, "pk").iterator(BATCH) for row in _make_trail_rows(thing))
        for found, at in sources.values()
    ]
    yield from merge(*streams, key=itemgetter("at"))


def _make_trail_rows(thing: Any) -> Iterator[Row]:
    match thing:
        case AnswerChange():
            yield from _make_change_rows(thing)
        case AuditEvent():
            yield _make_trail_row(thing.at, thing.by, thing.kind, after=thing.detail)
        case ProfileChange():
            code, before, after = thing.answer.question.code, thing.value_before, thing.value_after
            yield _make_trail_row(thing.at, thing.by, "fact_changed", code, "", before, after)
        case EvidenceChange():
            what = "evidence_added" if thing.is_put_on else "evidence_taken_off"
            key = thing.answer.indicator.key
            yield _make_trail_row(thing.at, thing.by, what, key, after=thing.evidence.title)
        case AnswerEvidence():
            key = thing.answer.indicator.key
            yield _make_trail_row(
                thing.added_at, thing.added_by, "evidence_added", key, after=thing.evidence.title
            )
        case Action():
            yield _make_trail_row(
                thing.created_at, thing.created_by, "action_added", _get_key(thing), after=thing.what
            )
        case ActionUpdate():
            before = f"{thing.status_before}, {thing.percent_before}%, due {thing.due_before}"
            after = f"{thing.status_after}, {thing.percent_after}%, due {thing.due_after}"
            said = thing.text or thing.action.what
            yield _make_trail_row(
                thing.at, thing.by, "action_reported", _get_key(thing.action), said, before, after
            )


def _make_change_rows(change: AnswerChange) -> Iterator[Row]:
    parts = (
        ("score", change.score_before, change.score_after),
        ("not_applicable_reason", change.reason_before, change.reason_after),
        ("commentary", change.commentary_before, change.commentary_after),
        ("no_action_reason", change.no_action_before, change.no_action_after),
    )
    key = change.answer.indicator.key
    changed = [part for part in parts if part[1] != part[2]]
    for what, before, after in changed or [("confirmed", "", "")]:
        yield _make_trail_row(change.at, change.by, "answer_changed", key, what, before, after)


def _get_key(action: Action) -> str:
    return action.answer.indicator.key if action.answer is not None else ""


def _make_trail_row(  # noqa: PLR0917  the columns in their order
    at: Any,
    by: object,
    kind: str,
    indicator: str = "",
    what: str = "",
    before: object = "",
    after: object = "",
) -> Row:
    values = (at.isoformat(), say(by), kind, indicator, what, say(before), say(after))
    return dict(zip(COLUMNS["trail.csv"], values, strict=True))
