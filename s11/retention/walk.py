"""What goes with a record: from its rows along the references to them, by a table that says what becomes of each.

A reference that a table between two others or CASCADE makes goes along; one that SET_NULL makes is let go. Of one that
PROTECTs, `FATES` must say it: a new model that protects a record cannot be forgotten, for a test fails and nothing is
destroyed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Any, Final

from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

BATCH: Final = 400
Row = type[models.Model]


class Fate(Enum):
    """What becomes of a row that names one which goes."""

    GOES = "goes with it"
    LETS_GO = "stays, and names it no more"
    # It must go first, by its own period; until then the record is kept back.
    HOLDS = "stays, so the record stays"
    STAYS = "stays beside the record, whose own row stays too"


FATES: Final = {
    # Of an audit, whose own row and scorecards stay.
    "surveys.AuditEvent.audit": Fate.GOES,
    "surveys.Scorecard.audit": Fate.STAYS,
    "surveys.Audit.carried_from": Fate.LETS_GO,
    "surveys.SignOff.audit": Fate.GOES,
    "surveys.Correction.audit": Fate.GOES,
    "surveys.SeriesClose.audit": Fate.GOES,
    "surveys.Document.audit": Fate.GOES,
    "surveys.ModerationSample_audits.audit": Fate.STAYS,
    "accountability.FeedbackReport.audit": Fate.GOES,
    # What followed from it, of the same place in the cycle.
    "surveys.SupportNote.offer": Fate.GOES,
    "surveys.Document.escalation": Fate.GOES,
    "surveys.Answer.carried_from": Fate.LETS_GO,
    "surveys.Moderation.answer": Fate.GOES,
    "surveys.Clarification.answer": Fate.GOES,
    "surveys.CalibrationItem.answer": Fate.GOES,
    "surveys.Action.answer": Fate.GOES,
    "accountability.ScoreProposal.answer": Fate.HOLDS,
    # Of an action.
    "surveys.Action.carried_from": Fate.LETS_GO,
    "accountability.Recommendation.action": Fate.HOLDS,
    # Of a meeting.
    "accountability.ReleasedMeeting.meeting": Fate.GOES,
    "accountability.ScoreProposal.meeting": Fate.GOES,
    "accountability.GoodPractice.meeting": Fate.GOES,
    "accountability.Minutes.meeting": Fate.GOES,
    "accountability.Recommendation.meeting": Fate.GOES,
    "accountability.Letter.meeting": Fate.GOES,
    "accountability.LateLetter.meeting": Fate.GOES,
    "accountability.Paper.meeting": Fate.GOES,
    "accountability.Note.item": Fate.GOES,
    "accountability.Passage.item": Fate.GOES,
    "accountability.Chase.letter": Fate.GOES,
    "accountability.LateLetter.paper": Fate.GOES,
    "accountability.FeedbackReport.document": Fate.GOES,
    # Of an e-mail, and of evidence.
    "surveys.Escalation.message": Fate.LETS_GO,
    "accountability.LateLetter.message": Fate.HOLDS,
    "surveys.AnswerEvidence.evidence": Fate.HOLDS,
    "surveys.AnswerEvidence.submitted_version": Fate.HOLDS,
    "surveys.EvidenceChange.evidence": Fate.HOLDS,
    "surveys.Action_evidence.evidence": Fate.HOLDS,
    "surveys.OwnToolReturn.version": Fate.HOLDS,
    "accountability.AgencyReturnPicture.version": Fate.HOLDS,
}
# Rows that a row has to itself, though the reference goes the other way.
OWNED: Final = ("accountability.Paper.document", "accountability.FeedbackReport.document")


@dataclass(slots=True)
class Reach:
    """What goes with one record, by model; which rows let go of it; and why it cannot go, in sentences."""

    rows: dict[Row, set[Any]] = field(default_factory=lambda: defaultdict(set))
    let_go: list[tuple[Row, str, set[Any]]] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {model._meta.label: len(keys) for model, keys in self.rows.items() if keys}


Roots = Mapping[Row, Collection[Any]]


def gather(begin: Roots, *, staying: Roots | None = None) -> Reach:
    """All that goes with these rows; and what hangs on rows that stay."""
    reach = Reach()
    waiting: list[tuple[Row, set[Any]]] = [(model, set(keys)) for model, keys in begin.items()]
    for model, keys in waiting:
        reach.rows[model] |= keys
    waiting += [(model, set(keys)) for model, keys in (staying or {}).items()]
    holding: list[tuple[Row, set[Any]]] = []
    while waiting:
        named, pks = waiting.pop()
        for relation in list_relations(named):
            other, name, fate = relation.related_model, relation.field.name, get_fate(relation)
            found = set() if fate == Fate.STAYS else _find(other, name, pks) - reach.rows.get(other, set())
            if not found:
                continue
            if fate == Fate.GOES:
                reach.rows[other] |= found
                waiting.extend([(other, found), *_take_owned(reach, other, found)])
            elif fate == Fate.LETS_GO:
                reach.let_go.append((other, name, found))
            else:
                holding.append((other, found))
    # Only at the end is it known what goes itself: that neither lets go nor holds.
    reach.let_go = [(one, name, pks - reach.rows.get(one, set())) for one, name, pks in reach.let_go]
    reach.held = [say_held(one, pks - reach.rows.get(one, set())) for one, pks in holding]
    reach.held = [one for one in reach.held if one]
    return reach


def say_held(model: Row, keys: Collection[Any]) -> str:
    if not keys:
        return ""
    named = model._meta.verbose_name if len(keys) == 1 else model._meta.verbose_name_plural
    still = "still names it and goes" if len(keys) == 1 else "still name it and go"
    return f"{len(keys)} {named} {still} first, by the period of its own kind."


def list_relations(model: Row) -> Iterator[Any]:
    """References to this model from every table, those between two others included."""
    for one in model._meta.get_fields(include_hidden=True):
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one):
            yield one


def get_fate(relation: Any) -> Fate:
    """Raises LookupError where nobody has decided."""
    key = f"{relation.related_model._meta.label}.{relation.field.name}"
    if key in FATES:
        return FATES[key]
    if relation.on_delete is models.CASCADE:
        return Fate.GOES
    if relation.on_delete is models.SET_NULL:
        return Fate.LETS_GO
    raise LookupError(f"Say in FATES what becomes of {key} when what it names is destroyed.")


def _find(model: Row, name: str, keys: set[Any]) -> set[Any]:
    found: set[Any] = set()
    for some in in_batches(sorted(keys)):
        rows = model._base_manager.filter(**{f"{name}__in": some}).order_by()
        found.update(rows.values_list("pk", flat=True))
    return found


def _take_owned(reach: Reach, model: Row, keys: set[Any]) -> Iterator[tuple[Row, set[Any]]]:
    for path in OWNED:
        label, name = path.rsplit(".", 1)
        if model._meta.label != label:
            continue
        rows = model._base_manager.filter(pk__in=keys).order_by()
        owned = set(rows.values_list(name, flat=True))
        other = model._meta.get_field(name).related_model
        assert isinstance(other, type)
        new = owned - reach.rows[other]
        reach.rows[other] |= new
        if new:
            yield other, new


def add_trail(reach: Reach) -> None:
    """What the record of changes says of the rows that go."""
    for model, keys in list(reach.rows.items()):
        kind = ContentType.objects.get_for_model(model)
        for some in in_batches(sorted(map(str, keys))):
            lines = LogEntry.objects.filter(content_type=kind, object_pk__in=some).order_by()
            found = set(lines.values_list("pk", flat=True))
            if found:
                reach.rows[LogEntry] |= found


# Files ----------------------------------------------------------------------------------------------------------------


def list_file_fields() -> list[tuple[Row, str]]:
    """Every column of every table that names a file."""
    return [
        (model, one.name)
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for one in model._meta.get_fields()
        if isinstance(one, models.FileField)
    ]


def list_files(reach: Reach) -> set[str]:
    """Those that the rows name."""
    names: set[str] = set()
    for model, column in list_file_fields():
        for some in in_batches(sorted(reach.rows.get(model, ()))):
            found = model._base_manager.filter(pk__in=some).exclude(**{column: ""}).order_by()
            names.update(found.values_list(column, flat=True))
    return names


def is_named(name: str) -> bool:
    """Whether any row still names this file."""
    return any(model._base_manager.filter(**{column: name}).exists() for model, column in list_file_fields())


# Letting go -----------------------------------------------------------------------------------------------------------


def delete_rows(reach: Reach) -> None:
    """Without signals, which would write what goes into the record of changes. The database checks at the commit."""
    for model, name, keys in reach.let_go:
        for some in in_batches(sorted(keys)):
            model._base_manager.filter(pk__in=some).order_by().update(**{name: None})
    for model, keys in reach.rows.items():
        for some in in_batches(sorted(keys)):
            rows = model._base_manager.filter(pk__in=some).order_by()
            rows._raw_delete(using=rows.db)


def in_batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(keys)
    while some := list(islice(rest, BATCH)):
        yield some
