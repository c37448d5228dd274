"""Moderated scores of a cycle: a row an answer as it was submitted, with what the agency said and what rests on it.

A score and its reason come back by the moderators' own verb. Each row says which version of the moderation it was
exported with: where somebody has moderated the answer since, a sheet that says something else is told who.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db.models import Count, F
from django.utils import timezone

from s11.organisations.models import Participation
from s11.web import dates, errors
from surveys.enums import Series
from surveys.imports.csv_files import Wrong
from surveys.models import Answer, AnswerEvidence, Audit, Cycle, Moderation
from surveys.moderating import moderate_answer
from surveys.moderation_permissions import check_can_moderate
from surveys.resources.base import FileRow, PartnershipResource
from surveys.resources.columns import KEY, Column, read_text, show_text
from surveys.resources.desks import get_desk, refuse
from surveys.resources.rows import Change
from surveys.submitted_answers import AUDITS_AT_ONCE, iterate_submitted
from surveys.yaml_nodes import shown

SCORE: Final = "Moderated score"
REASON: Final = "Reason"
VERSION: Final = "Version"
NOT_APPLICABLE: Final = "NA"
AGREES: Final = "agrees"
SCORES: Final = ("0", "1", "2", NOT_APPLICABLE)
CHOICES: Final = (AGREES, *SCORES)
LENGTH: Final = 20_000
# So many keys go into one query.
FEW: Final = 500
# In digits: beyond it no database has ids.
LONGEST_KEY: Final = 19


@dataclass(frozen=True, slots=True)
class Moderated:
    """What one row of an answer's moderation says, as cells."""

    score: str
    reason: str
    by: str
    at: datetime.datetime

    def says(self, score: str, reason: str) -> bool:
        return (score, reason.splitlines()) == (self.score, self.reason.splitlines())


@dataclass(slots=True, eq=False)
class Row:
    """One submitted answer. `history` is what moderators said of this submission, the newest last."""

    pk: int
    answer: Answer
    name: str
    evidence: int
    history: tuple[Moderated, ...]
    score: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.history:
            self.score, self.reason = self.history[-1].score, self.history[-1].reason

    def __str__(self) -> str:
        return f"{self.name}, {self.answer.indicator.code}"

    @property
    def own(self) -> str:
        """The agency's score."""
        return NOT_APPLICABLE if self.answer.submitted_not_applicable else str(self.answer.submitted_score)

    @property
    def version(self) -> str:
        """Such as `1v2`: a second submission begins anew. No spreadsheet takes it for a number or a date."""
        return f"{self.answer.audit.submission}v{len(self.history)}"

    @property
    def newest(self) -> Moderated | None:
        return self.history[-1] if self.history else None


def read_score(text: str) -> str:
    found = {word.casefold(): word for word in CHOICES}.get(text.casefold())
    if found is None:
        wrong = f"{shown(text)} is not a score" if text else "it is empty"
        right = f"write 0, 1, 2 or {NOT_APPLICABLE}, or {AGREES} where the agency’s score stands"
        raise Wrong(wrong, right)
    return found


class ModerationTable(PartnershipResource):
    """All that was submitted in the cycle, and how it was moderated."""

    slug = "moderation"
    title = "Moderated scores"
    hint = "Every submitted answer with its evidence, and the moderated score beside it, which can come back changed."
    needs_cycle = True
    holds_answers = True
    goes_on_after_close = True
    can_add = False
    how_to_change = (
        "Write a score, and why it differs from the agency’s. Rows that you take out stay as they are here. Keep the "
        "headings and the columns Key and Version: where somebody has moderated an answer since, you are told."
    )

    key = Column(KEY, "pk", readonly=True, width=9, hint="Says which answer it is.")
    name = Column("Organisation", "name", readonly=True, width=36)
    variant = Column("Variant", "answer__audit__variant__label", readonly=True, width=12)
    standard = Column("Standard", "answer__indicator__standard", readonly=True, width=26)
    code = Column("Indicator", "answer__indicator__code", readonly=True, width=10)
    statement = Column("Statement", "answer__indicator__text", readonly=True, width=50)
    critical = Column(
        "Critical",
        "answer__indicator__is_critical",
        show=lambda critical: "yes" if critical else "",
        readonly=True,
        width=9,
    )
    own = Column("Agency’s score", "own", readonly=True, width=9)
    commentary = Column("Agency’s commentary", "answer__commentary", readonly=True, width=60)
    evidence = Column(
        "Evidence", "evidence", readonly=True, width=10, hint="How many items back the answer as submitted."
    )
    score = Column(
        SCORE,
        "score",
        read=read_score,
        choices=CHOICES,
        width=12,
        hint=f"Empty until somebody has looked; {AGREES} where the agency’s score stands.",
    )
    reason = Column(
        REASON,
        "reason",
        read=read_text(LENGTH),
        width=50,
        hint="Needed where the score differs. The agency reads it once the moderation is closed.",
    )
    who = Column("By", "newest__by", readonly=True, width=24)
    at = Column(
        "At",
        "newest__at",
        show=lambda at: timezone.localtime(at).isoformat(" ", "minutes") if at else "",
        readonly=True,
        width=16,
    )
    version = Column(
        VERSION,
        "version",
        readonly=True,
        width=9,
        hint="Leave it as it is: by it one is told if somebody else has moderated the answer since.",
    )

    class Meta(PartnershipResource.Meta):
        model = Moderation

    def get_queryset(self) -> Any:
        """How many there are; `get_rows` says what they said when they were submitted."""
        audits = Audit.objects.counted().filter(invitee__cycle=self.cycle)
        return Answer.objects.submitted().filter(audit__in=audits)

    def get_rows(self) -> Iterator[Row]:
        assert self.cycle is not None  # it is the table of one
        return iterate_rows(self.cycle)

    def list_cells(self) -> Iterator[list[str]]:
        """A batch at a time: the library's own export would hold them all."""
        for row in self.get_rows():
            yield [self.show(column, row) for column in self.columns]

    @cached_property
    def desk(self) -> Any:
        return get_desk(self.partnership, self.by)

    # In ---------------------------------------------------------------------------------------------------------------

    def load(self, rows: Sequence[FileRow]) -> None:
        wanted = {row.cells.get(KEY, "") for row in rows}
        self.known = {}
        assert self.cycle is not None  # it is the table of one
        for row in iterate_rows(self.cycle, wanted):
            if str(row.pk) in wanted:
                row.answer.commentary = ""  # long, and only read
                self.known[str(row.pk)] = row
        self._refusals: dict[int, errors.NotAllowed | None] = {}

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self._tidy(instance, row)
        super().import_instance(instance, row, **kwargs)

    def _tidy(self, found: Row, row: MutableMapping[str, str]) -> None:
        """The agency's own score is agreement; what was left as it was exported is what is here now."""
        if row.get(SCORE, "").casefold() == found.own.casefold() and found.score != found.own:
            row[SCORE] = AGREES
        seen = _get_seen(found, row)
        if seen is None:
            return
        then = found.history[seen - 1] if seen else None
        score, reason = row.get(SCORE, ""), row.get(REASON, "")
        if then.says(score, reason) if then else not (score or reason):
            for heading, now in ((SCORE, found.score), (REASON, found.reason)):
                if heading in row:
                    row[heading] = now

    def check(self, instance: Row, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        if not self._changes:
            return
        if row.get(VERSION) != instance.version:
            yield VERSION, _say_stale(instance, _get_seen(instance, row))
            return
        if not_allowed := self._get_refusal(instance.answer.audit):
            yield SCORE, refuse(not_allowed)
        if instance.score in SCORES and not instance.reason:
            yield REASON, Wrong("it is empty", "write why the score differs from the agency’s")
        if instance.reason and not instance.score:
            yield SCORE, Wrong("there is a reason and no score", f"write a score, or {AGREES}")

    def _get_refusal(self, audit: Audit) -> errors.NotAllowed | None:
        """Asked once an audit."""
        if audit.pk not in self._refusals:
            self._refusals[audit.pk] = None
            try:
                check_can_moderate(self.desk, audit)
            except errors.NotAllowed as not_allowed:
                self._refusals[audit.pk] = not_allowed
        return self._refusals[audit.pk]

    def write_row(self, instance: Row, changes: Sequence[Change], *, is_new: bool) -> None:
        moderate_answer(
            answer=instance.answer,
            seen=len(instance.history),
            score=int(instance.score) if instance.score in SCORES[:3] else None,
            is_not_applicable=instance.score == NOT_APPLICABLE,
            reason=instance.reason,
            by=self.by,
        )


def _get_seen(found: Row, row: Mapping[str, str]) -> int | None:
    """Which version of this submission's moderation the sheet was exported with; None where it was no such."""
    submission, _, version = row.get(VERSION, "").partition("v")
    if submission != str(found.answer.audit.submission) or not version.isdecimal():
        return None
    seen = int(version[:9])
    return seen if seen <= len(found.history) else None


def _say_stale(found: Row, seen: int | None) -> Wrong:
    newest = found.newest
    if newest is None or seen is None:
        what = "it is not the version of this answer, which may have been submitted again since"
        return Wrong(what, "copy the row from a fresh export")
    reason = f": {shown(newest.reason[:200])}" if newest.reason else ""
    what = f"{newest.by} has moderated this answer since, on {dates.datetime(newest.at)}, with {newest.score}"
    return Wrong(what + reason, "look at theirs, then change a fresh export, or take the row out")


# What is read ---------------------------------------------------------------------------------------------------------


def iterate_rows(cycle: Cycle, wanted: Collection[str] = ()) -> Iterator[Row]:
    """By audit and the order of the bank; a fixed number of queries a batch of audits.

    Where only a few answers are wanted, of their audits alone.
    """
    names = {
        here.organisation_id: here.name
        for here in Participation.objects.filter(partnership=cycle.partnership).select_related("organisation")
    }
    audits = Audit.objects.filter(invitee__cycle=cycle).select_related(
        "invitee__organisation", "invitee__cycle_questionnaire"
    )
    if 0 < len(wanted) <= FEW:
        keys = [int(key) for key in wanted if key.isdecimal() and len(key) < LONGEST_KEY]
        audits = audits.filter(pk__in=Answer.objects.filter(pk__in=keys).values("audit"))
    found = iterate_submitted(audits)
    while batch := list(islice(found, AUDITS_AT_ONCE)):
        ids = [audit.pk for audit, _ in batch]
        evidence, history = _count_evidence(ids), _get_history(ids)
        for audit, answers in batch:
            audit.invitee.cycle = cycle
            name = names.get(audit.invitee.organisation_id, str(audit.organisation))
            for answer in answers:
                yield Row(
                    answer.pk, answer, name, evidence.get(answer.pk, 0), tuple(history.get(answer.pk, ()))
                )


def _count_evidence(audits: Sequence[int]) -> dict[int, int]:
    """By answer: what the submission pinned, which is all of it that officers see."""
    pinned = AnswerEvidence.objects.pinned().filter(answer__audit__in=audits)
    return dict(pinned.order_by().values_list("answer").annotate(number=Count("pk")))


def _get_history(audits: Sequence[int]) -> dict[int, list[Moderated]]:
    """By answer, of each audit's last submission."""
    rows = Moderation.objects.filter(
        answer__audit__in=audits, series=Series.MODERATED, submission=F("answer__audit__submission")
    )
    found: dict[int, list[Moderated]] = {}
    for row in rows.select_related("by").order_by("version"):
        said = NOT_APPLICABLE if row.is_not_applicable else AGREES if row.score is None else str(row.score)
        found.setdefault(row.answer_id, []).append(Moderated(said, row.reason, show_text(row.by), row.at))
    return found
