"""The pack of a meeting: all that a panel should know of one agency, gathered with a fixed number of queries.

Two see it differently. The panel, with the private questions of whoever reads; and the agency, without any of those,
without what officers wrote for the panel, without moderation that is still open, and without the mean of a sector so
small that it would tell it others' scores.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from accountability import enquiry
from accountability.enums import CallReason
from accountability.models import (
    GoodPractice,
    LineOfEnquiry,
    Meeting,
    MeetingReason,
    Place,
    Recommendation,
    Seat,
)
from accountability.pack_answers import (
    AnswerRow,
    StandardRow,
    get_answer_rows,
    get_last_audit,
    get_outcomes,
    get_sectors,
    is_final,
    make_standard_rows,
)
from accountability.pack_past import (
    PastAction,
    get_actions,
    get_earlier_meetings,
    get_good_practice,
    get_own_actions,
    get_recommendations,
    list_past_actions,
)
from s11.organisations.models import Participation, User
from s11.web.languages import in_english
from surveys import risk_facts
from surveys.earlier import get_last_moments
from surveys.extent import say_extent
from surveys.models import Action, Audit, Cycle
from surveys.progress import get_profile_questions
from surveys.risk import get_reasons
from surveys.staff_says import NOTHING, StaffLine, StaffSays, get_staff_says

HIGHEST = 2
BELOW_SECTOR, MODERATED = "below-sector:", "moderated:"


@dataclass(frozen=True, slots=True)
class View:
    """Whose eyes it is for: the panel's, with this person's private questions; or the agency's own."""

    reader: User | None = None
    for_agency: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the agency's audit says; as last submitted."""

    audit: Audit
    # ‘The short form: 24 of 78 indicators’
    extent: str
    profile: tuple[tuple[str, str], ...]
    last_cycle: Cycle | None
    # Whether moderated scores are shown, and whether they are the last word.
    is_moderated: bool
    is_final: bool
    rows: tuple[AnswerRow, ...]
    standards: tuple[StandardRow, ...]
    # What caught a moderator's eye; for the panel alone.
    signals: tuple[str, ...] = ()
    staff: StaffSays = NOTHING

    @property
    def zeros(self) -> list[AnswerRow]:
        """At 0 for the agency or the moderator, whatever the average; critical ones first."""
        found = [row for row in self.rows if 0 in (row.own, row.moderated)]
        return sorted(found, key=lambda row: not row.indicator.is_critical)

    @property
    def critical(self) -> list[AnswerRow]:
        """Critical and not in place, those at 0 left out: they stand above."""
        return [
            row
            for row in self.rows
            if row.indicator.is_critical and row not in self.zeros and row.moderated == 1
        ]

    @property
    def unproven(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.own == HIGHEST and not row.has_evidence]

    @property
    def expired(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.is_evidence_expired]

    @property
    def changed(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.is_moderated_otherwise]

    @property
    def improved(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.has_improved]

    @property
    def beside_staff(self) -> list[tuple[AnswerRow, StaffLine]]:
        """What staff say of an indicator, in the order of the audit."""
        return [(row, line) for row in self.rows for line in self.staff.about(row.indicator.key)]

    @property
    def has_sector(self) -> bool:
        return any(row.sector is not None for row in self.standards)

    @property
    def whole(self) -> StandardRow | None:
        return self.standards[-1] if self.standards else None


@dataclass(frozen=True, slots=True)
class Pack:
    """One agency before its panel."""

    meeting: Meeting
    view: View
    # What the partnership calls the agency.
    name: str
    place: Place | None
    seats: tuple[Seat, ...]
    reasons: tuple[MeetingReason, ...]
    # None where nothing was submitted.
    submitted: Submitted | None
    actions: tuple[PastAction, ...]
    recommendations: tuple[Recommendation, ...]
    practices: tuple[GoodPractice, ...]
    enquiries: tuple[LineOfEnquiry, ...]
    made_at: datetime.datetime

    @property
    def own_questions(self) -> list[LineOfEnquiry]:
        """The reader's, seen by nobody else."""
        return [line for line in self.enquiries if line.is_private]

    @property
    def shared_enquiries(self) -> list[LineOfEnquiry]:
        return [line for line in self.enquiries if not line.is_private]

    def shows_reason(self, line: LineOfEnquiry) -> bool:
        """A rule's reason is the agency's own figures; what an officer wrote is the panel's."""
        return bool(line.reason) and not (self.view.for_agency and line.by_id is not None)

    @property
    def panel_names(self) -> list[str]:
        return [f"{seat.member.name}{' (chair)' if seat.is_chair else ''}" for seat in self.seats]

    @property
    def own_tool(self) -> bool:
        """Whether it has sent what its own tool says, which holds no scores."""
        return self.submitted is None and hasattr(self.meeting.invitee, "own_tool_return")


def get_pack(meeting: Meeting, view: View) -> Pack:
    """Of a meeting fetched with its place. The number of queries does not grow with anything."""
    now = timezone.now()
    participation = get_participation(meeting)
    actions = get_actions(participation)
    submitted = get_submitted(meeting, view, actions, timezone.localdate(now))
    earlier = get_earlier_meetings(meeting)
    audit = submitted.audit if submitted else None
    since = submitted.last_cycle.opens_on if submitted and submitted.last_cycle else None
    return Pack(
        meeting=meeting,
        view=view,
        name=participation.name if participation else str(meeting.invitee.organisation),
        place=get_place(meeting),
        seats=tuple(meeting.seats.select_related("member__officer__user", "member__contact")),
        reasons=tuple(
            get_reasons_to_call(meeting, view, is_final=submitted is not None and submitted.is_final)
        ),
        submitted=submitted,
        actions=tuple(
            list_past_actions(actions, audit, since, timezone.localdate(now), get_own_actions(meeting))
        ),
        recommendations=tuple(get_recommendations(earlier)),
        practices=tuple(get_good_practice(earlier)),
        enquiries=tuple(get_enquiries(meeting, view, submitted)),
        made_at=now,
    )


def get_participation(meeting: Meeting) -> Participation | None:
    return Participation.objects.filter(
        partnership=meeting.panel.cycle.partnership_id, organisation=meeting.invitee.organisation_id
    ).first()


def get_place(meeting: Meeting) -> Place | None:
    if meeting.track is None:
        return None
    return Place.objects.filter(day=meeting.day_id, track=meeting.track).first()


def get_reasons_to_call(meeting: Meeting, view: View, *, is_final: bool) -> list[MeetingReason]:
    reasons = list(meeting.reasons.all())
    if not view.for_agency:
        return reasons
    hidden = {CallReason.CHOSEN} | (set() if is_final else {CallReason.MODERATION_SHIFT})
    return [one for one in reasons if one.kind not in hidden]


def get_submitted(
    meeting: Meeting, view: View, actions: Sequence[Action], today: datetime.date
) -> Submitted | None:
    """What was submitted last, also while the agency corrects it."""
    audit = Audit.objects.counted().filter(invitee=meeting.invitee_id).with_place().first()
    if audit is None:
        return None
    final = is_final(audit)
    shows_moderation = final or not view.for_agency
    last = get_last_audit(audit)
    before = get_outcomes(last)
    rows = get_answer_rows(audit, before, actions, today, with_moderation=shows_moderation)
    is_moderated = bool(rows) and (final or any(row.moderation is not None for row in rows))
    found = [] if view.for_agency else list(risk_facts.get_facts(audit.cycle, today, audit).values())
    return Submitted(
        audit=audit,
        extent=say_rows_extent(audit, rows),
        profile=get_facts_of_agency(audit),
        last_cycle=last.cycle if last else None,
        is_moderated=is_moderated,
        is_final=final,
        rows=tuple(rows),
        standards=tuple(
            make_standard_rows(
                rows,
                before,
                get_sectors(audit),
                is_moderated=is_moderated,
                shows_small=not view.for_agency,
            )
        ),
        signals=tuple(reason.words for facts in found for reason in get_reasons(facts)),
        staff=get_staff_says(audit.invitee),
    )


def say_rows_extent(audit: Audit, rows: Sequence[AnswerRow]) -> str:
    standards = {row.indicator.standard_id: row.indicator.standard for row in rows}
    of = audit.questionnaire.indicators.count()
    with in_english():  # as all of a pack is, whoever reads it
        return say_extent(audit.cycle.kind, len(rows), of, list(standards.values()))


def get_facts_of_agency(audit: Audit) -> tuple[tuple[str, str], ...]:
    """The profile as it was submitted."""
    asked = get_profile_questions(audit, get_last_moments([audit.pk]).get(audit.pk))
    return tuple((one.question.text, one.words) for one in asked if one.value)


def get_enquiries(meeting: Meeting, view: View, submitted: Submitted | None) -> list[LineOfEnquiry]:
    """What is asked, in its order; private ones only of the reader's own."""
    seen = Q(is_private=False)
    if view.reader is not None and not view.for_agency:
        seen |= Q(is_private=True, by=view.reader)
    lines = meeting.enquiries.filter(seen, is_dropped=False).select_related("by", "indicator")
    if not view.for_agency:
        return list(lines)
    return [line for line in lines if is_for_agency(line, submitted)]


def is_for_agency(line: LineOfEnquiry, submitted: Submitted | None) -> bool:
    """Not where its rule would tell what the agency's pack leaves out."""
    if line.rule.startswith(MODERATED):
        return submitted is not None and submitted.is_final
    if line.rule.startswith(BELOW_SECTOR):
        shown = [row.code for row in submitted.standards if row.sector] if submitted else []
        return line.rule.removeprefix(BELOW_SECTOR) in shown
    return True


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggest_for(meeting: Meeting) -> list[enquiry.Suggestion]:
    """What the rules would ask of this agency now."""
    pack = get_pack(meeting, View())
    return enquiry.suggest(make_facts(pack))


def make_facts(pack: Pack) -> enquiry.Facts:
    """What counts: moderated scores once they are final, before that what the agency says."""
    rows = pack.submitted.rows if pack.submitted else ()
    staff = pack.submitted.staff if pack.submitted else NOTHING
    is_final = pack.submitted is not None and pack.submitted.is_final
    return enquiry.Facts(
        today=timezone.localdate(pack.made_at),
        answers=[make_answered(row, staff, is_final=is_final) for row in rows],
        actions=[
            enquiry.Planned(
                pk=one.action.pk,
                what=one.action.what,
                due_on=one.action.due_on,
                is_from_panel=one.is_from_panel,
                is_finished=not one.action.is_unfinished,
                verified_as=one.verification.outcome if one.verification else "",
            )
            for one in pack.actions
            if one.action.status != "dropped"
        ],
        standards=[
            enquiry.Compared(
                row.code,
                row.title,
                row.own.tally.total,
                row.own.tally.n,
                row.sector.total,
                row.sector.n,
            )
            for row in (pack.submitted.standards[:-1] if pack.submitted else ())
            if row.sector is not None and row.sector.is_one
        ],
        unanswered=[(one.pk, one.text) for one in pack.recommendations if one.is_sent and one.is_unanswered],
    )


def make_answered(row: AnswerRow, staff: StaffSays, *, is_final: bool) -> enquiry.Answered:
    score = row.moderated if is_final else row.own
    below = [line.result for line in staff.about(row.indicator.key) if line.result.is_below(row.own)]
    return enquiry.Answered(
        code=row.indicator.code,
        key=row.indicator.key,
        text=row.indicator.text,
        score=score if isinstance(score, int) else None,
        own_score=row.own if isinstance(row.own, int) else None,
        before=row.before if isinstance(row.before, int) else None,
        is_critical=row.indicator.is_critical,
        has_evidence=row.has_evidence,
        is_evidence_expired=row.is_evidence_expired,
        has_action=row.has_plan,
        moderator_said=row.moderation.reason if row.moderation is not None and is_final else "",
        staff_said=f"{below[0].mean} ({below[0].words})" if below else "",
    )
