"""The demonstration's shared work, signatures and returns: audits that wait for a signatory, are signed, came back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from s11.demo import content
from s11.demo.audits import at
from s11.demo.evidence import Keeper, make_pdf
from s11.demo.people import join, make_lead
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, Partnership, User
from surveys.enums import AuditEventKind, AuditStatus, CycleStatus, SignOffDecision
from surveys.forms.sign_offs import make_statement
from surveys.models import (
    Assignment,
    Audit,
    AuditEvent,
    Correction,
    Cycle,
    Invitee,
    OwnToolReturn,
    SignOff,
    Standard,
)
from surveys.progress import get_progress


def make_sign_offs(partnership: Partnership, today: datetime.date) -> None:
    """In this year's cycle: every submission was signed; one complete audit waits, the next is signed."""
    cycle = partnership.cycles.get(status=CycleStatus.OPEN)
    audits = Audit.objects.filter(invitee__cycle=cycle).select_related(
        "invitee__organisation", "invitee__cycle", "invitee__cycle_questionnaire__questionnaire"
    )
    submitted = list(audits.filter(status=AuditStatus.SUBMITTED).order_by("pk"))
    for audit in submitted:
        assert audit.submitted_at is not None  # a check constraint promises it
        signed_at = audit.submitted_at - datetime.timedelta(hours=2)
        sign(audit, get_or_make_signatory(audit.organisation, cycle), signed_at, submission=audit.submission)
    drafts = audits.filter(status=AuditStatus.DRAFT, submission=0).order_by("pk")
    complete = [audit for audit in drafts if get_progress(audit).is_complete]
    asked_at = at(today - datetime.timedelta(days=2), 15, 20)
    for position, audit in enumerate(complete[:2]):
        signatory = get_or_make_signatory(audit.organisation, cycle, is_first=position == 0)
        if position == 0:
            SignOff.objects.create(
                audit=audit, asked_by=make_lead(audit.organisation, asked_at), asked_at=asked_at
            )
        else:
            sign(audit, signatory, asked_at + datetime.timedelta(hours=20))
        audit.status = AuditStatus.AWAITING_SIGN_OFF
        audit.save(update_fields=["status"])
    return_one(submitted, today)
    share_work(cycle, at(cycle.opens_on, 9))
    return_own_tool(cycle, today)


def get_or_make_signatory(organisation: Organisation, cycle: Cycle, *, is_first: bool = False) -> User:
    """The first audit that waits in the home partnership is for the signatory whose login is printed to sign."""
    members = organisation.memberships.active().filter(role=MembershipRole.SIGNATORY)
    if (found := members.select_related("user").first()) is not None:
        return found.user
    since = at(cycle.opens_on, 9)
    email = f"director@{organisation.slug}.example"
    if is_first and cycle.partnership.slug == content.HARBOURSIDE:
        email = content.MEMBER_LOGINS[MembershipRole.SIGNATORY][0]
    user = User.objects.filter(email=email).first() or User.objects.create_user(email=email)
    join(user, organisation, MembershipRole.SIGNATORY, since)
    return user


def sign(audit: Audit, by: User, moment: datetime.datetime, *, submission: int | None = None) -> None:
    lead = make_lead(audit.organisation, moment)
    asked_at = moment - datetime.timedelta(hours=20)
    SignOff.objects.create(
        audit=audit,
        asked_by=lead,
        asked_at=asked_at,
        decision=SignOffDecision.SIGNED,
        statement=make_statement(audit),
        decided_by=by,
        decided_at=moment,
        submission=submission,
    )
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SIGN_OFF_ASKED, by=lead, at=asked_at)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SIGNED_OFF, by=by, at=moment)


def return_one(submitted: Iterable[Audit], today: datetime.date) -> None:
    """The first that scored itself 2 on two things without a word about either."""
    for audit in submitted:
        moment = at(today - datetime.timedelta(days=1), 10, 5)
        if audit.submitted_at is None or audit.submitted_at > moment:
            continue
        silent = audit.answers.filter(score=2, commentary="").order_by("indicator__position")[:2]
        officers = audit.partnership.officers.active().order_by("pk")
        officer = officers.filter(role="quality_officer").first() or officers.first()
        if len(silent) < 2 or officer is None:
            continue
        correction = Correction.objects.create(
            audit=audit,
            submission=audit.submission,
            reason="Both are scored 2, and nothing says why. Say in the commentary what you saw, and when.",
            by=officer.user,
            at=moment,
        )
        correction.indicators.set([answer.indicator for answer in silent])
        audit.status = AuditStatus.RETURNED
        audit.save(update_fields=["status"])
        AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RETURNED, by=officer.user, at=moment)
        return


def share_work(cycle: Cycle, moment: datetime.datetime) -> None:
    """Where the printed logins work, the contributor has two standards and one indicator of a third."""
    audit = Audit.objects.filter(
        invitee__cycle=cycle, invitee__organisation__name=content.HOME_ORGANISATION
    ).first()
    if audit is None:
        return
    lead, contributor = (
        User.objects.get(email=content.MEMBER_LOGINS[role][0])
        for role in (MembershipRole.LEAD, MembershipRole.CONTRIBUTOR)
    )
    standards = list(Standard.objects.filter(questionnaire=audit.questionnaire)[6:9])
    single = standards.pop().indicators.all()[0]
    given = [
        *(Assignment(audit=audit, user=contributor, by=lead, at=moment, standard=one) for one in standards),
        Assignment(audit=audit, user=contributor, by=lead, at=moment, indicator=single),
    ]
    Assignment.objects.bulk_create(given)


def return_own_tool(cycle: Cycle, today: datetime.date) -> None:
    """The first organisation that has a lead and no audit has returned its own national one."""
    registered = Invitee.objects.not_exempt().filter(
        cycle=cycle,
        audit=None,
        organisation__memberships__in=Membership.objects.active().filter(role=MembershipRole.LEAD),
    )
    invitee = registered.select_related("organisation").order_by("pk").first()
    if invitee is None:
        return
    day = today - datetime.timedelta(days=6)
    lead = make_lead(invitee.organisation, at(day, 9))
    name = "National self-assessment"
    keep = Keeper(invitee.organisation, lead, day)
    version = keep.file(
        f"{name}.pdf",
        make_pdf(f"{invitee.organisation}: {name}", "All sections complete."),
        today + datetime.timedelta(days=359),
    )
    OwnToolReturn.objects.create(
        invitee=invitee, title=name, version=version, submitted_by=lead, submitted_at=at(day, 16, 40)
    )
