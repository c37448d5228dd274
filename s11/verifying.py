"""Holds what is stored against itself: rows and their files, files and their checksums, scorecards and their answers.

Nothing is changed and nobody is kept from writing. What is found is said in sentences, for whoever runs the site.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models
from django.utils import timezone

from accountability.models import Snapshot
from s11.backups import walk
from s11.organisations.models import Anonymisation, Removal
from s11.organisations.removals import is_readable, list_kept_files
from s11.retention.enums import ItemState
from s11.retention.gate import CERTIFICATES, RULES
from s11.retention.log_files import find_log_faults
from s11.retention.models import DestructionItem
from s11.retention.walk import list_file_fields
from s11.trails import list_triggers
from s11.web.checksums import get_sum
from s11.web.one_moment import one_moment
from surveys.enums import Scope, Series
from surveys.models import Answer, Audit, Scorecard, SeriesClose
from surveys.scoring import NOT_APPLICABLE, Item, Tally, make_scorecard
from surveys.series import SET_ASIDE, with_outcome

BATCH = 200
# What keeps what was published, as accountability's migrations named it.
PUBLISHED = {
    f"accountability_{table}_{act}": f"accountability_{table}"
    for table in ("snapshot", "publishedfile", "report", "erratum")
    for act in ("once", "kept")
}
# A file is stored before its row is written: one that has just come may still get its row.
SETTLED_AFTER = datetime.timedelta(hours=1)
# What the rows of one audit's scorecard say, by scope and subject.
Card = dict[tuple[str, int | None], tuple[int, int, int, int, int | None]]
Tell = Callable[[str], None]


class FaultKind(StrEnum):
    """In the order in which they are looked for."""

    REFERENCE = "row without the row it names"
    MISSING = "missing file"
    CHANGED = "changed file"
    ORPHAN = "file that no row names"
    REMOVAL = "removed thing that cannot be put back"
    SCORECARD = "scorecard that does not match its answers"
    LOG = "log of destruction that was changed"
    RULE = "rule of the database that is gone"


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    what: str


def verify(tell: Tell = lambda _: None) -> Iterator[Fault]:
    """Everything that does not hold; `tell` gets a line of progress now and then. Reads every file once."""
    with one_moment():
        yield from find_lost_references()
        tell("References between rows are checked.")
        named = yield from find_file_faults(tell)
        yield from find_removal_faults(named)
        yield from find_orphans(named)
        yield from find_snapshot_faults()
        yield from find_scorecard_faults(tell)
        yield from (Fault(FaultKind.LOG, said) for said in find_log_faults())
        yield from find_lost_rules()


def find_lost_references() -> Iterator[Fault]:
    """On PostgreSQL the server holds to them at all times; SQLite only while it is told to."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield Fault(
            FaultKind.REFERENCE, f"{error}. Restore the last backup, or write to whoever supports the site."
        )


def find_lost_rules() -> Iterator[Fault]:
    """Triggers that refuse what nobody may do: taken off by hand, or lost as a table was made anew."""
    if DestructionItem.objects.filter(state=ItemState.UNDER_WAY).exists() or (
        Anonymisation.objects.filter(is_under_way=True).exists()
    ):
        yield Fault(
            FaultKind.RULE,
            "A destruction or the removal of a name is marked as under way outside its own transaction, so the "
            "database lets trails be changed. Find out who wrote that by hand, and what was changed since; then "
            "take the mark away.",
        )
    present = _list_rules()
    others = {rule.trigger: rule.table for rule in (*RULES, *CERTIFICATES)} | PUBLISHED
    lost, lost_others = (
        sorted({table for trigger, table in rules.items() if trigger not in present})
        for rules in (list_triggers(connection), others)
    )
    if lost:
        yield Fault(
            FaultKind.RULE,
            f"The database lets trails be changed or deleted ({', '.join(lost)}). Find out who took that off and "
            "what was changed since; ‘manage.py migrate s11 0003’ and then ‘manage.py migrate’ put it back.",
        )
    if lost_others:
        yield Fault(
            FaultKind.RULE,
            "The database lets what was published, or the records of destruction, be changed "
            f"({', '.join(lost_others)}). Find out who took that off and what was changed since; a backup "
            "that is restored into a new, migrated database has all rules again.",
        )


def _list_rules() -> set[str]:
    """Names of those that are there and turned on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


# Files ----------------------------------------------------------------------------------------------------------------


def find_file_faults(tell: Tell) -> Generator[Fault, None, set[str]]:
    """Rows whose file is gone or is not what it was. Returns the names of all files that rows name.

    A model's `sha256` is that of its `file`; a field by another name is only looked for.
    """
    named: set[str] = set()
    seen = 0
    for model, field in list_file_fields():
        has_sum = field == "file" and any(one.name == "sha256" for one in model._meta.get_fields())
        columns = ("pk", field, "sha256") if has_sum else ("pk", field)
        rows = model._base_manager.exclude(**{field: ""}).order_by("pk").values_list(*columns)
        for row in rows.iterator(chunk_size=BATCH):
            pk, name, expected = row[0], row[1], row[2] if has_sum else ""
            named.add(name)
            seen += 1
            if seen % 500 == 0:
                tell(f"{seen} files are checked.")
            yield from _check_file(model, pk, name, expected)
    tell(f"{seen} files are checked.")
    return named


def _check_file(model: type[models.Model], pk: object, name: str, expected: str) -> Iterator[Fault]:
    of = f"{model._meta.verbose_name} {pk}"
    try:
        found = _get_sum(name) if expected else ""
        is_there = bool(expected) or default_storage.exists(name)
    except FileNotFoundError:
        is_there = False
    except OSError as error:
        yield Fault(
            FaultKind.MISSING, f"{name}, of {of}, cannot be read ({error.strerror}). Look at the disk."
        )
        return
    if not is_there:
        yield Fault(
            FaultKind.MISSING, f"{name}, of {of}, is not there. Copy it from a backup into its place."
        )
    elif expected and found != expected:
        yield Fault(
            FaultKind.CHANGED,
            f"{name}, of {of}, is not the file that was stored: its SHA-256 is {found}, it was {expected}. "
            "Copy it from a backup into its place.",
        )


def _get_sum(name: str) -> str:
    with default_storage.open(name) as file:
        return get_sum(file)


def find_removal_faults(named: set[str]) -> Iterator[Fault]:
    """What people removed must be fit to be put back. Its files are added to those that are named."""
    for one in Removal.objects.removed().iterator(chunk_size=BATCH):
        if not is_readable(one):
            yield Fault(
                FaultKind.REMOVAL,
                f"{one}, removed on {one.removed_at:%Y-%m-%d} (removal {one.pk}), cannot be read by this version. "
                "Put it back with the version before, or write to whoever supports the site.",
            )
            continue
        for name in list_kept_files(one):
            named.add(name)
            if not default_storage.exists(name):
                yield Fault(
                    FaultKind.MISSING,
                    f"{name}, of {one}, is not there. Copy it from a backup into its place.",
                )


def find_orphans(named: set[str]) -> Iterator[Fault]:
    """Left where a process died between storing a file and writing its row."""
    settled = timezone.now() - SETTLED_AFTER
    for name in sorted(walk(default_storage)):
        if name not in named and default_storage.get_modified_time(name) < settled:
            yield Fault(
                FaultKind.ORPHAN, f"{name} belongs to no row. Nobody can open it: keep it apart or delete it."
            )


def find_snapshot_faults() -> Iterator[Fault]:
    """The frozen figures and words of published reports."""
    for one in Snapshot.objects.order_by("pk").iterator(chunk_size=BATCH):
        if hashlib.sha256(one.content.encode()).hexdigest() != one.sha256:
            yield Fault(
                FaultKind.CHANGED,
                f"The frozen content of report {one.report_id} is not what was published. "
                "Restore the last backup in a place of its own, and compare.",
            )


# Scorecards -----------------------------------------------------------------------------------------------------------


def find_scorecard_faults(tell: Tell) -> Iterator[Fault]:
    """Of each audit's last submission: what the agency said, and each series that is closed."""
    seen = 0
    # Of what was destroyed nothing is left to compare; of what its agency recalled nothing counts as said any more.
    kept = Audit.objects.filter(submission__gt=0, submitted_at__isnull=False, destroyed_at=None)
    audits = kept.order_by("pk").values_list("pk", flat=True)
    waiting = audits.iterator(chunk_size=BATCH)
    while pks := list(islice(waiting, BATCH)):
        for series in Series:
            yield from _compare(pks, series)
        seen += len(pks)
        tell(f"The scorecards of {seen} audits are checked.")


def _compare(audits: list[int], series: Series) -> Iterator[Fault]:
    if series != Series.SELF:
        closes = SeriesClose.objects.filter(
            audit__in=audits, series=series, submission=models.F("audit__submission")
        )
        audits = list(closes.order_by("audit").values_list("audit", flat=True))
    frozen, made = _read_cards(audits, series), _make_cards(audits, series)
    for audit in audits:
        if frozen.get(audit, {}) != made.get(audit, {}):
            yield Fault(
                FaultKind.SCORECARD,
                f"The scorecard ({series.label.lower()}) of audit {audit} is not what its answers make. "
                "Figures read the scorecard: compare both before anything is published.",
            )


def _read_cards(audits: list[int], series: Series) -> dict[int, Card]:
    found: dict[int, Card] = defaultdict(dict)
    rows = Scorecard.objects.of_last_submission().filter(audit__in=audits, series=series).order_by()
    for one in rows:
        subject = one.standard_id if one.scope == Scope.STANDARD else one.theme_id
        found[one.audit_id][one.scope, subject] = (one.n, one.sum, one.zeros, one.not_applicable, one.grade)
    return found


def _make_cards(audits: list[int], series: Series) -> dict[int, Card]:
    answers = with_outcome(Answer.objects.submitted().filter(audit__in=audits), series).order_by()
    said: dict[int, list[tuple[str, str, Item]]] = defaultdict(list)
    for audit, standard, theme, outcome in answers.values_list(
        "audit", "indicator__standard", "indicator__theme", "outcome"
    ):
        item: Item = NOT_APPLICABLE if outcome == SET_ASIDE else outcome
        said[audit].append((str(standard), str(theme), item))
    return {audit: _make_card(items) for audit, items in said.items()}


def _make_card(items: list[tuple[str, str, Item]]) -> Card:
    card = make_scorecard(items)

    def say(tally: Tally) -> tuple[int, int, int, int, int | None]:
        return tally.n, tally.total, tally.zeros, tally.not_applicable, tally.grade

    return {
        (Scope.WHOLE, None): say(card.whole),
        **{(Scope.STANDARD, int(code)): say(tally) for code, tally in card.standards.items()},
        **{(Scope.THEME, int(code)): say(tally) for code, tally in card.themes.items()},
    }
