"""Writes of recommendations: made by the panel, answered by an action or a reasoned refusal, accepted or returned; and
whether the action worked.

An action that answers one enters the agency's plan as agreed with the panel.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accountability.enums import AnswerEvent, MinutesStatus, ResponseDecision, ResponseKind
from accountability.following_emails import make_returned_mail
from accountability.models import Meeting, Minutes, Recommendation, RecommendationEvent
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Participation, Removal, User
from s11.organisations.removals import remove
from s11.web import errors
from surveys.actions import ActionInput, add_panel_action, change_action, drop_agreed_action, verify_action
from surveys.enums import ActionOutcome, MessageKind
from surveys.models import Action, Indicator, Theme
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# How long an agency has for a returned answer, where its first day is nearer or past.
ANSWERED_AGAIN_WITHIN_WORKING_DAYS: Final = 10


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the recommendation is no longer what the page showed."""


@transaction.atomic
def recommend(
    *,
    meeting: Meeting,
    text: str,
    theme: Theme | None = None,
    indicator: Indicator | None = None,
    due_on: datetime.date | None = None,
    by: User,
) -> Recommendation:
    """The next number of its meeting. An indicator brings its theme with it. Sent twice it is one."""
    _check_minutes_are_open(meeting)
    same = Recommendation.objects.filter(meeting=meeting, text=text.strip(), created_by=by).first()
    if same is not None:
        return same
    last = Recommendation.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0
    return Recommendation.objects.create(
        meeting=meeting,
        number=last + 1,
        text=text.strip(),
        theme=theme or (indicator.theme if indicator else None),
        indicator=indicator,
        due_on=due_on,
        created_by=by,
    )


def make_digest(recommendation: Recommendation) -> str:
    """Of the words and the day that a page shows."""
    shown = f"{recommendation.due_on}\n{recommendation.text}"
    return hashlib.sha256(shown.encode()).hexdigest()


@transaction.atomic
def reword_recommendation(
    *, recommendation: Recommendation, text: str, due_on: datetime.date | None, seen: str, by: User
) -> Recommendation | None:
    """While the minutes are not final. `seen` is the digest of what the page showed.

    Returns the recommendation as somebody else has worded it since, and saves nothing; None where all is well.
    """
    _check_minutes_are_open(recommendation.meeting)
    current = _lock(recommendation)
    if (current.text, current.due_on) == (text.strip(), due_on):
        return None
    if make_digest(current) != seen:
        return current
    current.text, current.due_on = text.strip(), due_on
    current.save(update_fields=["text", "due_on"])
    return None


@transaction.atomic
def withdraw_recommendation(*, recommendation: Recommendation, by: User) -> Removal:
    """Taken back while the minutes are not final. The others keep their numbers."""
    _check_minutes_are_open(recommendation.meeting)
    current = _lock(recommendation)
    return remove(
        "recommendation",
        current,
        title=f"Recommendation {current.number} to {recommendation.meeting.organisation}",
        partnership=recommendation.meeting.panel.cycle.partnership,
        by=by,
    )


@transaction.atomic
def answer_with_action(*, recommendation: Recommendation, entered: ActionInput, by: User) -> Action:
    """The agency's action, in its plan from now on. Of an answer that was returned, the same action in new words;
    of one that did not work, another: the plan keeps what was tried.
    """
    current = _lock_for_answer(recommendation)
    action = current.action
    if action is not None and current.has_failed:
        _drop_unfinished(action, "Another action answers the recommendation.", by)
        action = None
    if action is None:
        action = add_panel_action(participation=_get_participation(current.meeting), entered=entered, by=by)
    else:
        change_action(action=action, entered=entered, seen_version=action.version, by=by)
    _write_answer(current, by, response=ResponseKind.ACTION, action=action, refusal="")
    due_on = entered.due_on
    said = (
        f"{entered.what}\n\nMeasure: {entered.measure}\n\n"
        f"Owner: {entered.owner}. Due {due_on.day} {due_on:%B %Y}."
    )
    _remember(current, AnswerEvent.ACTION, said, by)
    return action


@transaction.atomic
def refuse_recommendation(*, recommendation: Recommendation, reason: str, by: User) -> None:
    """With the agency's reason. Raises ValueError where there is none."""
    if not reason.strip():
        raise ValueError("A recommendation is refused with a reason.")
    current = _lock_for_answer(recommendation)
    said = f"The recommendation was refused: {reason}"
    if current.action is not None and current.has_failed:
        _drop_unfinished(current.action, said, by)
    elif current.action is not None:
        drop_agreed_action(action=current.action, reason=said, by=by)
    _write_answer(current, by, response=ResponseKind.REFUSAL, action=None, refusal=reason.strip())
    _remember(current, AnswerEvent.REFUSAL, reason.strip(), by)


@transaction.atomic
def accept_answer(*, recommendation: Recommendation, note: str = "", by: User) -> None:
    _decide(recommendation, ResponseDecision.ACCEPTED, note, by)


@transaction.atomic
def return_answer(*, recommendation: Recommendation, note: str, by: User) -> None:
    """The agency answers again. Raises ValueError where the note does not say what is missing."""
    if not note.strip():
        raise ValueError("An answer is returned with what is missing.")
    _decide(recommendation, ResponseDecision.RETURNED, note, by)
    _tell_returned(recommendation.pk)


@transaction.atomic
def say_whether_it_worked(
    *, recommendation: Recommendation, outcome: ActionOutcome, text: str, by: User
) -> None:
    """An officer's word on its action that is done. What did not work goes back, and the agency answers again; a later
    look may show that it worked after all.
    """
    current = _lock(recommendation)
    had_failed = current.has_failed
    if current.action is None or not (had_failed or current.decision == ResponseDecision.ACCEPTED):
        raise NotInThisState("Its answer is not accepted by now. This page shows it as it is.")
    if had_failed and outcome == ActionOutcome.FAILED:
        raise NotInThisState("It is recorded already that it did not work.")
    verify_action(action=current.action, outcome=outcome, text=text, by=by)
    said = f"{outcome.label}. {text.strip()}"
    if outcome == ActionOutcome.FAILED:
        _write_decision(current, ResponseDecision.RETURNED, text, by)
        _remember(current, AnswerEvent.RETURNED, said, by)
        _tell_returned(current.pk)
    elif had_failed:
        _write_decision(current, ResponseDecision.ACCEPTED, "", by)
        _remember(current, AnswerEvent.ACCEPTED, f"It looks different now. {said}", by)


def _tell_returned(recommendation: int) -> None:
    """The leads, and who answered: what is missing or did not work, and by when to answer again."""
    found = Recommendation.objects.select_related(
        "meeting__invitee__organisation",
        "meeting__invitee__cycle__partnership",
        "meeting__panel__cycle__partnership",
        "responded_by",
        "action",
    ).get(pk=recommendation)
    place = found.meeting.invitee
    members = Membership.objects.active().filter(organisation=place.organisation, user__is_active=True)
    told = members.filter(Q(role=MembershipRole.LEAD) | Q(user=found.responded_by)).select_related("user")
    for person in {member.user_id: member.user for member in told}.values():
        mail = make_returned_mail(found, person)
        put_in_outbox(
            kind=MessageKind.MEETING,
            invitee=place,
            email=person.email,
            user=person,
            subject=str(mail.subject),
            body=str(mail.body),
            by=found.decided_by,
        )


def _decide(recommendation: Recommendation, decision: ResponseDecision, note: str, by: User) -> None:
    current = _lock(recommendation)
    if not current.response or current.decision:
        raise NotInThisState("There is no new answer to decide on by now. This page shows it as it is.")
    _write_decision(current, decision, note, by)
    is_accepted = decision == ResponseDecision.ACCEPTED
    _remember(
        current, AnswerEvent.ACCEPTED if is_accepted else AnswerEvent.RETURNED, current.decision_note, by
    )


def _write_decision(current: Recommendation, decision: ResponseDecision, note: str, by: User) -> None:
    current.decision, current.decision_note = decision, note.strip()
    current.decided_by, current.decided_at = by, timezone.now()
    if decision == ResponseDecision.RETURNED:
        again = add_working_days(timezone.localdate(), ANSWERED_AGAIN_WITHIN_WORKING_DAYS)
        current.respond_by = max(current.respond_by or again, again)
    current.save()


def _drop_unfinished(action: Action, reason: str, by: User) -> None:
    """Somebody may have gone on with what had failed: two actions do not answer one recommendation."""
    if action.is_unfinished:
        drop_agreed_action(action=action, reason=reason, by=by)


def _remember(recommendation: Recommendation, kind: AnswerEvent, text: str, by: User) -> None:
    RecommendationEvent.objects.create(recommendation=recommendation, kind=kind, text=text, by=by)


def _write_answer(
    current: Recommendation, by: User, *, response: ResponseKind, action: Action | None, refusal: str
) -> None:
    current.response, current.action, current.refusal = response, action, refusal
    current.responded_by, current.responded_at = by, timezone.now()
    current.decision, current.decided_by, current.decided_at = "", None, None
    current.save()


def _lock_for_answer(recommendation: Recommendation) -> Recommendation:
    """One that waits for an answer: the minutes are final, and none stands that was not returned."""
    current = _lock(recommendation)
    if not Minutes.objects.filter(meeting=current.meeting, status=MinutesStatus.FINAL).exists():
        raise NotInThisState("The minutes are not final yet, so there is nothing to answer.")
    if current.response and current.decision != ResponseDecision.RETURNED:
        raise NotInThisState(
            f"{current.responded_by} has answered this recommendation. It can be answered again if it is returned."
        )
    return current


def _lock(recommendation: Recommendation) -> Recommendation:
    found = (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("meeting__invitee", "meeting__panel__cycle", "responded_by", "action")
        .filter(pk=recommendation.pk)
        .first()
    )
    if found is None:
        raise NotInThisState("The recommendation was withdrawn meanwhile.")
    return found


def _check_minutes_are_open(meeting: Meeting) -> None:
    Meeting.objects.select_for_update().only("pk").get(pk=meeting.pk)
    if Minutes.objects.filter(meeting=meeting, status=MinutesStatus.FINAL).exists():
        raise NotInThisState("The minutes are final by now, so their recommendations stay as they are.")


def _get_participation(meeting: Meeting) -> Participation:
    return Participation.objects.get(
        partnership=meeting.panel.cycle.partnership, organisation=meeting.invitee.organisation
    )
