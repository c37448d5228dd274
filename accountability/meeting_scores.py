"""The scores that a panel looks at: the agency's, the moderated and the proposed one of each indicator, and the grades.

A fixed number of queries, whatever the number of indicators and proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accountability.enums import ProposalStatus
from accountability.judging import Judged, make_judged_scorecard, say_effect
from accountability.models import Meeting, ScoreProposal
from accountability.pack_answers import AnswerRow, get_answer_rows
from surveys.enums import AuditStatus, Score
from surveys.models import Audit, Standard
from surveys.reading import Figures
from surveys.scoring import NOT_APPLICABLE, Item, Scorecard

HIGHEST = max(Score.values)
# As forms and addresses write it.
SET_ASIDE = "na"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One indicator. Its proposals are those about what was last submitted, the oldest first."""

    answer: AnswerRow
    proposals: tuple[ScoreProposal, ...] = ()

    @property
    def code(self) -> str:
        return self.answer.indicator.code

    @property
    def agreed(self) -> ScoreProposal | None:
        return next((one for one in self.proposals if one.status == ProposalStatus.AGREED), None)

    @property
    def proposed(self) -> ScoreProposal | None:
        """The newest that nobody has decided on."""
        found = [one for one in self.proposals if one.status == ProposalStatus.PROPOSED]
        return found[-1] if found else None

    @property
    def standing(self) -> Item:
        """What would count if the meeting ended now."""
        return make_item(self.agreed) if self.agreed is not None else self.answer.moderated

    @property
    def is_zero(self) -> bool:
        """For the agency or the moderator."""
        return 0 in (self.answer.own, self.answer.moderated)

    @property
    def concerns(self) -> list[str]:
        """Why a panel looks at it first; none for most."""
        found = []
        if self.is_zero:
            found.append("Critical, scored 0" if self.answer.indicator.is_critical else "Scored 0")
        if self.answer.own == HIGHEST and not self.answer.has_evidence:
            found.append("2 without evidence")
        if self.answer.is_moderated_otherwise:
            found.append(f"Moderated from {say_item(self.answer.own)} to {say_item(self.answer.moderated)}")
        return found


@dataclass(frozen=True, slots=True)
class Grades:
    """A standard, or all of them: what the panel starts from, with what is agreed, and with what is proposed too."""

    name: str
    own: Figures
    moderated: Figures
    agreed: Figures
    proposed: Figures


@dataclass(frozen=True)
class Scores:
    """One submitted audit before its panel."""

    audit: Audit
    rows: tuple[ScoreRow, ...]
    # Not withdrawn, about a submission that the agency has corrected since: each is to be withdrawn or made anew.
    overtaken: tuple[ScoreProposal, ...] = ()

    @property
    def is_open(self) -> bool:
        """While a return is corrected nothing can be proposed."""
        return self.audit.status == AuditStatus.SUBMITTED

    @cached_property
    def first(self) -> list[ScoreRow]:
        """What to look at first: critical zeros, zeros, then the rest, each in the audit's order."""
        concerning = [row for row in self.rows if row.concerns]
        return sorted(concerning, key=lambda row: (not row.is_zero, not row.answer.indicator.is_critical))

    @property
    def others(self) -> list[ScoreRow]:
        return [row for row in self.rows if not row.concerns]

    @property
    def judged(self) -> list[ScoreRow]:
        """Those with a proposal that was not withdrawn."""
        return [row for row in self.rows if row.agreed is not None or row.proposed is not None]

    def get_row(self, code: str) -> ScoreRow | None:
        return next((row for row in self.rows if row.code == code), None)

    @cached_property
    def standing(self) -> Scorecard:
        return self._make({row.answer.indicator.key: row.standing for row in self.rows})

    def say_effects(self, row: ScoreRow) -> dict[str, str]:
        """By choice of the form: what it would change of the standard's grade and the overall one."""
        standard = row.answer.indicator.standard.code
        now = {one.answer.indicator.key: one.standing for one in self.rows}
        choices: dict[str, Item] = {str(score): score for score in Score.values} | {SET_ASIDE: NOT_APPLICABLE}
        return {
            choice: say_effect(self.standing, self._make(now | {row.answer.indicator.key: item}), standard)
            for choice, item in choices.items()
        }

    def list_grades(self) -> list[Grades]:
        """Each standard, then all of them."""
        own = self._make({row.answer.indicator.key: row.answer.own for row in self.rows})
        moderated = self._make({})
        proposed = self._make(
            {
                row.answer.indicator.key: make_item(row.proposed) if row.proposed else row.standing
                for row in self.rows
            }
        )
        standards: dict[str, Standard] = {}
        for row in self.rows:
            standards.setdefault(row.answer.indicator.standard.code, row.answer.indicator.standard)
        cards = (own, moderated, self.standing, proposed)
        found = [
            Grades(f"{code} {standard.title}", *(Figures(card.standards[code]) for card in cards))
            for code, standard in standards.items()
        ]
        return [*found, Grades("All standards", *(Figures(card.whole) for card in cards))]

    def _make(self, changes: Mapping[str, Item]) -> Scorecard:
        rows = [
            Judged(one.answer.indicator.key, one.answer.indicator.standard.code, one.answer.moderated)
            for one in self.rows
        ]
        return make_judged_scorecard(rows, changes)


def get_scores(meeting: Meeting) -> Scores | None:
    """None where nothing was submitted that has scores. Eight queries at most."""
    audit = Audit.objects.counted().filter(invitee=meeting.invitee_id).with_place().first()
    if audit is None:
        return None
    rows = get_answer_rows(audit, {}, (), timezone.localdate(), with_moderation=True)
    found = meeting.proposals.select_related("by", "decided_by", "answer__indicator")
    proposals = _sort(one for one in found if one.submission == audit.submission)
    overtaken = tuple(
        one for one in found if one.submission != audit.submission and one.status != ProposalStatus.WITHDRAWN
    )
    return Scores(audit, tuple(ScoreRow(row, proposals[row.answer.pk]) for row in rows), overtaken)


def _sort(proposals: Iterable[ScoreProposal]) -> dict[int, tuple[ScoreProposal, ...]]:
    found: dict[int, tuple[ScoreProposal, ...]] = defaultdict(tuple)
    for one in proposals:
        found[one.answer_id] = (*found[one.answer_id], one)
    return found


def make_item(proposal: ScoreProposal) -> Item:
    return NOT_APPLICABLE if proposal.is_not_applicable else proposal.score


def say_item(item: Item) -> str:
    """As a table's cell."""
    return "n/a" if item is NOT_APPLICABLE else "–" if item is None else str(item)


def make_choice(item: Item) -> str:
    """The form's value of it."""
    return SET_ASIDE if item is NOT_APPLICABLE else str(item)
