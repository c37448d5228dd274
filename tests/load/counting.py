"""Counts afterwards: holds what people were told is saved against the database.

A row of the log keeps, of what was acknowledged: `answers` of an `organisation` (indicator, score, reason, commentary,
and the version where the page tells it); a file by its `sha256` with the `indicator` it backs; an organisation that has
`submitted`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from django.core.files.storage import default_storage

from s11.web.checksums import get_sum
from surveys.enums import AuditStatus
from surveys.models import Answer, AnswerChange, AnswerEvidence, Audit
from tests.load.evening import read_evening
from tests.load.rows import Counted, Row, read_rows

# What an answer says: score, reason, commentary.
Said: TypeAlias = tuple[int | None, str, str]
# An organisation's slug and an indicator's code.
Spot: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds: each answer with its version, and what each version said."""

    answers: Mapping[Spot, tuple[int, Said]]
    trail: Mapping[Spot, Mapping[int, Said]]


def count(rows: Iterable[Row], partnership: str, cycle: str) -> Counted:
    """Every acknowledged save is in the trail, the last one stands, and no version is missing between."""
    counted = Counted()
    stored = read_stored(partnership, cycle)
    last: dict[Spot, Said] = {}
    files, submitted = [], []
    for row in rows:
        kept = row.kept
        for answer in kept.get("answers", ()):
            spot = (str(kept["organisation"]), str(answer["indicator"]))
            counted.saves += 1
            last[spot] = check_save(counted, stored, spot, answer)
        if "sha256" in kept:
            files.append((kept["organisation"], kept["indicator"], kept["sha256"]))
        if "submitted" in kept:
            submitted.append(kept["submitted"])
    counted.answers, counted.files, counted.submissions = len(last), len(files), len(submitted)
    for spot, said in last.items():
        check_last(counted, stored, spot, said)
    check_files(counted, files, partnership, cycle)
    check_submitted(counted, submitted, partnership, cycle)
    return counted


def read_stored(partnership: str, cycle: str) -> Stored:
    changes = AnswerChange.objects.filter(
        answer__audit__invitee__cycle__partnership__slug=partnership,
        answer__audit__invitee__cycle__slug=cycle,
    ).order_by()
    rows = Answer.objects.filter(
        audit__invitee__cycle__partnership__slug=partnership, audit__invitee__cycle__slug=cycle
    ).order_by()
    spot = ("audit__invitee__organisation__slug", "indicator__code", "version")
    answers, brought = {}, {}
    for slug, code, version, carried_from, *words in rows.values_list(
        *spot, "carried_from", "score", "not_applicable_reason", "commentary"
    ).iterator():
        answers[slug, code] = (version, said(*words))
        if carried_from is not None:
            brought[slug, code] = said(*words)
    trail: dict[Spot, dict[int, Said]] = defaultdict(dict)
    spot = ("answer__audit__invitee__organisation__slug", "answer__indicator__code", "version")
    after = changes.values_list(*spot, "score_after", "reason_after", "commentary_after")
    for slug, code, version, *words in after.iterator():
        trail[slug, code][version] = said(*words)
    # What was brought forward is version 1, which no change made: the second tells what it said.
    before = changes.filter(version=2).values_list(
        *spot, "score_before", "reason_before", "commentary_before"
    )
    firsts = {(slug, code): said(*words) for slug, code, _, *words in before.iterator()}
    for place, stands in brought.items():
        trail[place].setdefault(1, firsts.get(place, stands))
    return Stored(answers, trail)


def said(score: int | None, reason: str, commentary: str) -> Said:
    return score, reason, commentary


def check_save(counted: Counted, stored: Stored, spot: Spot, answer: Mapping[str, Any]) -> Said:
    """In the trail by its version; by its words where the page tells no version."""
    told = said(answer["score"], answer["reason"], answer["commentary"])
    versions = stored.trail.get(spot, {})
    if answer["version"] is not None:
        found = versions.get(answer["version"])
        if found != told:
            counted.tell(f"Version {answer['version']} of {spot} was told as {told}; the trail has {found}.")
    elif told not in versions.values() and stored.answers.get(spot, (0, None))[1] != told:
        counted.tell(f"{spot} was told as saved with the page as {told}; it is nowhere.")
    return told


def check_last(counted: Counted, stored: Stored, spot: Spot, told: Said) -> None:
    version, stands = stored.answers.get(spot, (0, None))
    if stands != told:
        counted.tell(f"{spot} was last told as {told}; it says {stands}.")
    missing = set(range(1, version + 1)) - set(stored.trail.get(spot, {}))
    if missing:
        counted.tell(f"{spot} is at version {version}; its trail lacks {sorted(missing)}.")


def check_files(
    counted: Counted, files: Iterable[tuple[str, str, str]], partnership: str, cycle: str
) -> None:
    """In the library, behind its answer, and in the storage as it was sent."""
    links = AnswerEvidence.objects.filter(
        removed_at=None,
        answer__audit__invitee__cycle__slug=cycle,
        answer__audit__invitee__cycle__partnership__slug=partnership,
    ).values_list(
        "answer__audit__invitee__organisation__slug",
        "answer__indicator__code",
        "evidence__versions__sha256",
        "evidence__versions__file",
    )
    names = {(organisation, code, sha256): name for organisation, code, sha256, name in links}
    for one in files:
        name = names.get(one)
        if not name:
            counted.tell(f"The file {one} was told as kept; no row has it.")
        elif get_stored_sum(name) != one[2]:
            counted.tell(f"The file {one} is not what was sent.")


def get_stored_sum(name: str) -> str:
    try:
        with default_storage.open(name) as file:
            return get_sum(file)
    except FileNotFoundError:
        return ""


def check_submitted(counted: Counted, organisations: Iterable[str], partnership: str, cycle: str) -> None:
    audits = Audit.objects.filter(
        invitee__cycle__slug=cycle,
        invitee__cycle__partnership__slug=partnership,
        status=AuditStatus.SUBMITTED,
        scorecards__submission=1,
    )
    found = set(audits.values_list("invitee__organisation__slug", flat=True))
    for organisation in set(organisations) - found:
        counted.tell(f"{organisation} was told that it has submitted; it has not.")


def main(folder: str) -> None:
    """The last line is a `Counted`."""
    evening = read_evening(Path(folder))
    print(json.dumps(asdict(count(read_rows(Path(folder)), evening.partnership, evening.cycle))))
