"""Writes of the minutes: draft, agreed by the chair, corrected by those who attended, final. `by` is who did it.

Final minutes make the panel's agreed scores final too: they enter the audit's panel series, which is frozen then.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accountability.enums import CorrectionDecision, MeetingStatus, MinutesStatus, ProposalStatus
from accountability.minutes_telling import tell_chair, tell_those_who_came
from accountability.models import Correction, Meeting, Minutes, PanelMember, Passage, ScoreProposal
from accountability.paper_requests import request_paper
from s11.organisations.models import User
from s11.web import errors
from s11.web.dates import as_london
from surveys.enums import AuditStatus, DocumentKind, Series
from surveys.models import Audit
from surveys.moderating import close_series, moderate_answer
from surveys.working_days import add_working_days

# How long those who attended may ask for corrections, if the chair gives no other day.
CORRECTED_WITHIN_WORKING_DAYS = 5
# How long the chair is asked to take over a draft that was sent to them.
READ_WITHIN_WORKING_DAYS = 5


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the minutes are no longer what the page showed."""


@transaction.atomic
def begin_minutes(*, meeting: Meeting, by: User) -> Minutes:
    """A draft made of the notes, each under its item with who took it; the one that is there, where there is one."""
    _lock_meeting(meeting.pk)
    minutes, is_new = Minutes.objects.get_or_create(meeting=meeting)
    if is_new:
        items = meeting.agenda.prefetch_related("notes__by")
        Passage.objects.bulk_create(
            Passage(
                minutes=minutes,
                item=item,
                text="\n\n".join(f"{note.by}: {note.text}" for note in item.notes.all() if note.text.strip()),
                updated_by=by,
            )
            for item in items
        )
    return minutes


@transaction.atomic
def change_passage(*, passage: Passage, text: str, seen_version: int, by: User) -> Passage | None:
    """Returns the passage as somebody else has saved it since, and saves nothing; None where all is well.

    An agreed text changes by taking in corrections alone.
    """
    _lock(passage.minutes, MinutesStatus.DRAFT)
    return _write_passage(passage, text, seen_version, by)


def _write_passage(passage: Passage, text: str, seen_version: int, by: User) -> Passage | None:
    current = Passage.objects.select_for_update(of=("self",)).select_related("updated_by").get(pk=passage.pk)
    if current.text == text:
        return None
    if current.version != seen_version:
        return current
    current.text, current.version = text, current.version + 1
    current.updated_by, current.updated_at = by, timezone.now()
    current.save()
    return None


@transaction.atomic
def agree_minutes(
    *,
    minutes: Minutes,
    corrections_until: datetime.date | None = None,
    seen_at: datetime.datetime | None = None,
    by: User,
) -> None:
    """The chair's word, given or recorded. From now on those who attended read them and may ask for corrections.

    `seen_at` is the newest change that the page showed: nobody agrees words that somebody else has written since.
    """
    current = _lock(minutes, MinutesStatus.DRAFT)
    _check_seen(current, seen_at, by)
    now = timezone.now()
    today = as_london(now).date()
    until = corrections_until or add_working_days(today, CORRECTED_WITHIN_WORKING_DAYS)
    if until < today:
        raise NotInThisState("The last day for corrections is over already. Give a day from today on.")
    current.status, current.agreed_by, current.agreed_at = MinutesStatus.AGREED, by, now
    current.corrections_until = until
    current.save()
    tell_those_who_came(current, by)


@transaction.atomic
def send_draft(*, minutes: Minutes, by: User) -> PanelMember:
    """To whoever chaired the meeting; who has no login reads it by their own link. Returns the chair."""
    current = _lock(minutes, MinutesStatus.DRAFT)
    until = add_working_days(timezone.localdate(), READ_WITHIN_WORKING_DAYS)
    chair = tell_chair(current, until, by)
    if chair is None:
        raise NotInThisState(
            "Nobody who chaired this meeting can be sent its minutes: they were not there, or have an interest in "
            "the agency. Agree the minutes with somebody else of the panel, and record it here."
        )
    current.draft_sent_at, current.draft_sent_to = timezone.now(), chair
    current.save(update_fields=["draft_sent_at", "draft_sent_to"])
    return chair


def _check_seen(minutes: Minutes, seen_at: datetime.datetime | None, by: User) -> None:
    if seen_at is None:
        return
    changed = minutes.passages.filter(updated_at__gt=seen_at).exclude(updated_by=by)
    newest = changed.select_related("item", "updated_by").order_by("updated_at").last()
    if newest is not None:
        raise NotInThisState(
            f"{newest.updated_by} has changed ‘{newest.item.title}’ since you opened this page. Read it, then agree."
        )


@transaction.atomic
def take_back_minutes(*, minutes: Minutes, by: User) -> None:
    """A draft again, to be written anew; corrections that were asked for stay with their passages."""
    current = _lock(minutes, MinutesStatus.AGREED)
    current.status, current.agreed_by, current.agreed_at = MinutesStatus.DRAFT, None, None
    current.corrections_until = None
    current.save()


@transaction.atomic
def ask_correction(*, passage: Passage, text: str, by_name: str, by: User | None) -> Correction:
    """By somebody who attended; `by` is empty where a panel member asks by their link. Sent twice it is one."""
    current = _lock(passage.minutes, MinutesStatus.AGREED)
    today = timezone.localdate()
    if current.corrections_until is not None and today > current.corrections_until:
        raise NotInThisState(
            f"Corrections could be asked for until {current.corrections_until:%-d %B %Y}. Write to the partnership."
        )
    given = {"passage": passage, "text": text.strip(), "by_name": by_name, "by": by}
    same = Correction.objects.filter(**given, decision="").first()
    return same or Correction.objects.create(**given)


@transaction.atomic
def decide_correction(
    *,
    correction: Correction,
    decision: CorrectionDecision,
    reply: str = "",
    new_text: str | None = None,
    seen_version: int | None = None,
    by: User,
) -> None:
    """Taken in, with the passage's new words; or not, with the reason, without which it raises ValueError.

    The new words are those of a page that showed the passage as `seen_version`; they do not overwrite another's.
    """
    if decision == CorrectionDecision.DECLINED and not reply.strip():
        raise ValueError("A correction that is not taken in needs its reason.")
    _lock(correction.passage.minutes, MinutesStatus.AGREED)
    current = Correction.objects.select_for_update().get(pk=correction.pk)
    if current.decision:
        raise NotInThisState("This correction was decided meanwhile. Nothing was changed.")
    current.decision, current.reply = decision, reply.strip()
    current.decided_by, current.decided_at = by, timezone.now()
    current.save()
    if decision == CorrectionDecision.ACCEPTED and new_text is not None:
        passage = Passage.objects.get(pk=current.passage_id)
        seen = passage.version if seen_version is None else seen_version
        if _write_passage(passage, new_text, seen, by) is not None:
            raise NotInThisState(
                "This part of the minutes was changed meanwhile. Read it below, then write it once more."
            )


@transaction.atomic
def finalise_minutes(*, minutes: Minutes, by: User) -> None:
    """Nothing in them changes from now on, and the panel's agreed scores are frozen with them."""
    current = _lock(minutes, MinutesStatus.AGREED)
    meeting = current.meeting
    if meeting.status != MeetingStatus.HELD:
        raise NotInThisState("The meeting has not been closed yet. Close it, then make its minutes final.")
    waiting = Correction.objects.filter(passage__minutes=current, decision="").count()
    if waiting:
        raise NotInThisState(
            f"{waiting} of the corrections asked for {'is' if waiting == 1 else 'are'} not decided yet. "
            "Take each in, or say why not."
        )
    undecided = meeting.proposals.filter(status=ProposalStatus.PROPOSED).count()
    if undecided:
        raise NotInThisState(
            f"{undecided} of the proposed scores {'is' if undecided == 1 else 'are'} neither agreed nor withdrawn. "
            "Decide them first."
        )
    current.status, current.final_by, current.final_at = MinutesStatus.FINAL, by, timezone.now()
    current.save()
    _freeze_panel_scores(meeting, by)
    request_paper(kind=DocumentKind.MINUTES, by=by, meeting=meeting, anew=True)


def _freeze_panel_scores(meeting: Meeting, by: User) -> None:
    """Through the workflow of the audit; an agency that was seen without a submitted audit has none to freeze."""
    audit = Audit.objects.filter(invitee=meeting.invitee).first()
    agreed = list(
        ScoreProposal.objects.filter(meeting=meeting, status=ProposalStatus.AGREED).select_related(
            "answer__audit"
        )
    )
    if audit is None or audit.status != AuditStatus.SUBMITTED:
        if agreed:
            raise NotInThisState(
                f"The audit of {meeting.organisation} is not submitted now, so the agreed scores cannot be written to "
                "it. Wait until it is submitted again."
            )
        return
    for proposal in agreed:
        if proposal.submission != audit.submission:
            raise NotInThisState(
                f"{meeting.organisation} has submitted again since the panel agreed its scores. Look at the agreed "
                "scores once more, then make the minutes final."
            )
        moderate_answer(
            answer=proposal.answer,
            seen=0,
            score=proposal.score,
            is_not_applicable=proposal.is_not_applicable,
            reason=proposal.justification,
            by=by,
            series=Series.PANEL,
        )
    close_series(audit=audit, by=by, series=Series.PANEL)


def _lock_meeting(meeting: int) -> None:
    """Whoever writes to the same meeting queues here: two who begin its minutes, and who adds to what becomes final."""
    Meeting.objects.select_for_update(of=("self",)).only("pk").get(pk=meeting)


def _lock(minutes: Minutes, status: MinutesStatus) -> Minutes:
    """The meeting first, as everybody does who writes to it."""
    _lock_meeting(minutes.meeting_id)
    current = (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("meeting__invitee__organisation", "meeting__panel__cycle__partnership")
        .get(pk=minutes.pk)
    )
    if current.status != status:
        raise NotInThisState(
            f"The minutes are {MinutesStatus(current.status).label.lower()} by now. Nothing was changed."
        )
    return current
