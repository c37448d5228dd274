"""Writes of the meeting itself: its agenda, who came, notes as they are typed, scores proposed and agreed. `by` did it.

Several people write at once on weak connections: each note-taker has a text of their own under an item, and a save that
comes twice is one save.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from accountability.enums import AgendaKind, MeetingStatus, MinutesStatus, ProposalStatus
from accountability.models import (
    AgendaItem,
    GoodPractice,
    Meeting,
    Minutes,
    Note,
    Passage,
    Recommendation,
    Representative,
    ScoreProposal,
    Seat,
)
from s11.organisations.models import Removal, User
from s11.organisations.removals import remove
from s11.web import errors
from surveys.enums import AuditStatus, Score
from surveys.models import Answer, Indicator

# The usual agenda, and how its time is shared out of a hundred.
USUAL_AGENDA: Final[Sequence[tuple[AgendaKind, int]]] = (
    (AgendaKind.PRESENTATION, 30),
    (AgendaKind.LAST_ACTIONS, 20),
    (AgendaKind.ENQUIRY, 35),
    (AgendaKind.AGREED, 15),
)
WHOLE: Final = 100
GOOD_STAYS: Final = "what the panel found good stays as it is"


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the meeting is no longer what the page showed."""


def share_minutes(minutes: int) -> list[tuple[AgendaKind, int]]:
    """The usual agenda in whole minutes that add up to these: each at least one, what is left over to the questions."""
    shares = [(kind, max(1, minutes * part // WHOLE)) for kind, part in USUAL_AGENDA]
    left = minutes - sum(share for _, share in shares)
    return [(kind, share + left if kind == AgendaKind.ENQUIRY else share) for kind, share in shares]


@transaction.atomic
def prepare_agenda(*, meeting: Meeting, minutes: int) -> list[AgendaItem]:
    """The agenda that is there, else the usual one for so many minutes."""
    _lock(meeting)
    items = list(meeting.agenda.all())
    if items:
        return items
    return AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, kind=kind, title=kind.label, minutes=share, position=position)
        for position, (kind, share) in enumerate(share_minutes(minutes))
    )


@transaction.atomic
def add_agenda_item(*, meeting: Meeting, title: str, minutes: int, by: User) -> AgendaItem:
    """At the end."""
    _lock(meeting, MeetingStatus.CALLED)
    last = AgendaItem.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    item = AgendaItem.objects.create(
        meeting=meeting, kind=AgendaKind.OTHER, title=title.strip(), minutes=minutes, position=position
    )
    # Opened again after its minutes were begun: what is said now belongs in them too.
    if begun := Minutes.objects.filter(meeting=meeting).first():
        Passage.objects.create(minutes=begun, item=item, updated_by=by)
    return item


@transaction.atomic
def start_meeting(*, meeting: Meeting, by: User) -> None:
    """The clock of its agenda runs from the first press; a second changes nothing."""
    current = _lock(meeting, MeetingStatus.CALLED)
    if current.started_at is None:
        current.started_at = timezone.now()
        current.save(update_fields=["started_at"])


@transaction.atomic
def take_back_start(*, meeting: Meeting, by: User) -> None:
    """Pressed by mistake: as if it had never started, while nobody has written anything."""
    current = _lock(meeting, MeetingStatus.CALLED)
    if is_written_about(current):
        raise NotInThisState("Somebody has written about the meeting by now, so it stays started.")
    current.started_at = None
    current.save(update_fields=["started_at"])


def is_written_about(meeting: Meeting) -> bool:
    """A note, who came, a score, a recommendation or good practice. One query."""
    of_it = Q(meeting=OuterRef("pk"))
    came = Q(attended__isnull=False)
    written = (
        Exists(Note.objects.filter(item__meeting=OuterRef("pk")).exclude(text=""))
        | Exists(Seat.objects.filter(of_it, came))
        | Exists(Representative.objects.filter(of_it, came))
        | Exists(ScoreProposal.objects.filter(of_it))
        | Exists(Recommendation.objects.filter(of_it))
        | Exists(GoodPractice.objects.filter(of_it))
        | Exists(Minutes.objects.filter(of_it))
    )
    return Meeting.objects.filter(written, pk=meeting.pk).exists()


@transaction.atomic
def close_meeting(*, meeting: Meeting, by: User) -> None:
    """It was held. Notes stay open until its minutes are agreed."""
    current = _lock(meeting, MeetingStatus.CALLED)
    if current.started_at is None:
        raise NotInThisState("The meeting has not been started, so it cannot be closed. Start it first.")
    current.status, current.ended_at = MeetingStatus.HELD, timezone.now()
    current.save(update_fields=["status", "ended_at"])


@transaction.atomic
def reopen_meeting(*, meeting: Meeting, by: User) -> None:
    """Closed too early: as long as its minutes are no more than a draft."""
    current = _lock(meeting, MeetingStatus.HELD)
    if Minutes.objects.filter(meeting=current).exclude(status=MinutesStatus.DRAFT).exists():
        raise NotInThisState("The minutes are agreed by now, so the meeting stays closed.")
    current.status, current.ended_at = MeetingStatus.CALLED, None
    current.save(update_fields=["status", "ended_at"])


@transaction.atomic
def save_note(*, item: AgendaItem, text: str, seen_version: int, by: User) -> Note | None:
    """One's own note under an item; 0 as the version seen where there was none.

    Returns the note as it stands and saves nothing where it was saved since, from another window of the same person;
    None where all is well. The same text once more is well, whatever the version: a save may come twice.
    """
    if Minutes.objects.filter(meeting=item.meeting).exclude(status=MinutesStatus.DRAFT).exists():
        raise NotInThisState(
            "The minutes are agreed by now, so notes stay as they are. Ask for a correction."
        )
    # There is one at most; in the order of the agenda PostgreSQL would be asked to lock the day, which may be missing.
    note = Note.objects.select_for_update().filter(item=item, by=by).order_by().first()
    if note is None:
        return _make_note(item, text, by)
    if note.text == text:
        return None
    if note.version != seen_version:
        return note
    note.text, note.version, note.updated_at = text, note.version + 1, timezone.now()
    note.save(update_fields=["text", "version", "updated_at"])
    return None


def _make_note(item: AgendaItem, text: str, by: User) -> Note | None:
    try:
        with transaction.atomic():
            Note.objects.create(item=item, by=by, text=text)
    except IntegrityError:
        # The same person's first save came twice at once.
        note = Note.objects.get(item=item, by=by)
        return None if note.text == text else note
    return None


@transaction.atomic
def record_attendance(
    *, meeting: Meeting, seats: dict[int, bool], representatives: dict[int, bool], by: User
) -> None:
    """Who came, by the ids of seats and representatives; whoever is not named stays as they are."""
    _lock_begun(meeting)
    for model, came in ((Seat, seats), (Representative, representatives)):
        for attended in (True, False):
            keys = [key for key, value in came.items() if value is attended]
            model.objects.filter(meeting=meeting, pk__in=keys).update(attended=attended)


@transaction.atomic
def add_representative(
    *, meeting: Meeting, name: str, job_title: str = "", substitute_for: str = "", by: User
) -> Representative:
    """Somebody who came without having been announced. Sent twice it is one."""
    _lock_begun(meeting)
    given = {"job_title": job_title.strip(), "substitute_for": substitute_for.strip()}
    same = Representative.objects.filter(meeting=meeting, name=name.strip(), attended=True, **given).first()
    return same or Representative.objects.create(meeting=meeting, name=name.strip(), attended=True, **given)


@transaction.atomic
def propose_score(
    *,
    meeting: Meeting,
    answer: Answer,
    score: int | None,
    is_not_applicable: bool = False,
    justification: str,
    by: User,
) -> ScoreProposal:
    """Another score for one answer of the agency's submitted audit. Sent twice it is one.

    Raises ValueError where it is neither a score nor not applicable, or has no justification.
    """
    if (score is None) is not is_not_applicable or (score is not None and score not in Score.values):
        raise ValueError("A proposal is a score of 0, 1 or 2, or not applicable.")
    if not justification.strip():
        raise ValueError("A proposed score needs its justification.")
    _check_scores_are_open(meeting)
    audit = answer.audit
    if audit.invitee_id != meeting.invitee_id or audit.status != AuditStatus.SUBMITTED:
        raise NotInThisState("The audit is not submitted now, so no score can be proposed.")
    given = {
        "meeting": meeting,
        "answer": answer,
        "submission": audit.submission,
        "score": score,
        "is_not_applicable": is_not_applicable,
        "justification": justification.strip(),
        "by": by,
    }
    same = ScoreProposal.objects.filter(**given, status=ProposalStatus.PROPOSED).first()
    return same or ScoreProposal.objects.create(**given)


@transaction.atomic
def agree_score(*, proposal: ScoreProposal, by: User) -> None:
    """The panel's word; an earlier agreed score of the same answer gives way to it."""
    _check_scores_are_open(proposal.meeting)
    others = ScoreProposal.objects.filter(
        meeting=proposal.meeting, answer=proposal.answer, status=ProposalStatus.AGREED
    ).exclude(pk=proposal.pk)
    now = timezone.now()
    others.update(status=ProposalStatus.WITHDRAWN, decided_by=by, decided_at=now)
    _decide(proposal, ProposalStatus.AGREED, by)


@transaction.atomic
def withdraw_score(*, proposal: ScoreProposal, by: User) -> None:
    """Not agreed, or no longer."""
    _check_scores_are_open(proposal.meeting)
    _decide(proposal, ProposalStatus.WITHDRAWN, by)


def _decide(proposal: ScoreProposal, status: ProposalStatus, by: User) -> None:
    """Under the meeting's lock. What is withdrawn is proposed anew, by whoever wants it back."""
    found = ScoreProposal.objects.filter(pk=proposal.pk).exclude(status=ProposalStatus.WITHDRAWN)
    if not found.update(status=status, decided_by=by, decided_at=timezone.now()):
        raise NotInThisState("This proposal is withdrawn by now. Nothing was changed.")


@transaction.atomic
def note_good_practice(
    *, meeting: Meeting, text: str, indicator: Indicator | None = None, by: User
) -> GoodPractice:
    """Whether it may be shared is the agency's to say. Sent twice it is one."""
    _check_outcomes_are_open(meeting, GOOD_STAYS)
    given = {"meeting": meeting, "text": text.strip(), "by": by}
    same = GoodPractice.objects.filter(**given).first()
    return same or GoodPractice.objects.create(**given, indicator=indicator)


@transaction.atomic
def drop_good_practice(*, practice: GoodPractice, by: User) -> Removal:
    """Taken back while the minutes are not final."""
    _check_outcomes_are_open(practice.meeting, GOOD_STAYS)
    found = GoodPractice.objects.filter(pk=practice.pk).first()
    if found is None:
        raise NotInThisState("Somebody has taken this back already. Nothing was changed.")
    # Without its words, for they may name a child.
    title = f"What the panel found good at {practice.meeting.organisation}"
    partnership = practice.meeting.panel.cycle.partnership
    return remove("good_practice", found, title=title, partnership=partnership, by=by)


def _check_scores_are_open(meeting: Meeting) -> None:
    _check_outcomes_are_open(meeting, "the panel’s scores stay as they are")


def _check_outcomes_are_open(meeting: Meeting, what: str) -> None:
    """Under the lock that whoever makes the minutes final takes too."""
    _lock(meeting, MeetingStatus.CALLED, MeetingStatus.HELD)
    if Minutes.objects.filter(meeting=meeting, status=MinutesStatus.FINAL).exists():
        raise NotInThisState(f"The minutes are final by now, so {what}.")


def _lock_begun(meeting: Meeting) -> None:
    if _lock(meeting, MeetingStatus.CALLED, MeetingStatus.HELD).started_at is None:
        raise NotInThisState("The meeting has not started, so nobody has come yet. Start it first.")


def _lock(meeting: Meeting, *statuses: MeetingStatus) -> Meeting:
    """Those who write to the same meeting queue here, for a moment each."""
    current = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if statuses and current.status not in statuses:
        raise NotInThisState(
            f"The meeting is {MeetingStatus(current.status).label.lower()} by now. Nothing was changed."
        )
    return current
