"""Makers of rows for tests: plain functions with the fewest arguments that make sense."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

from auditlog.context import disable_auditlog
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile, File
from django.utils import timezone

from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import (
    GroupAccess,
    Membership,
    Officer,
    Organisation,
    Participation,
    Partnership,
    User,
)
from surveys.enums import (
    ActionOrigin,
    AuditStatus,
    CycleKind,
    CycleStatus,
    Duty,
    EvidenceKind,
    Obligation,
    Score,
    SignOffDecision,
)
from surveys.models import (
    Action,
    Answer,
    Audit,
    Correction,
    Cycle,
    CycleQuestionnaire,
    Evidence,
    EvidenceVersion,
    Indicator,
    Invitee,
    OwnToolReturn,
    PassportUpload,
    ProfileQuestion,
    Questionnaire,
    SignOff,
    Standard,
    Theme,
)
from surveys.passport_files import write_zip
from surveys.passport_uploads import receive_passport
from surveys.progress import get_progress
from surveys.workflow import freeze_answers, mark_submitted

PASSWORD = "correct horse battery"
# What a test begins with was made by nobody, as what is made in bulk: no line of the trail of changes tells of it.
untold = disable_auditlog()


@untold
def make_user(email: str, *, name: str = "", password: str | None = None) -> User:
    return User.objects.create_user(email=email, name=name, password=password)


@untold
def make_partnership(name: str, *, slug: str) -> Partnership:
    return Partnership.objects.create(name=name, slug=slug)


@untold
def make_organisation(
    name: str,
    *,
    slug: str = "",
    variant: Variant = Variant.STANDARD,
    partnership: Partnership | None = None,
    is_statutory: bool = True,
    urn: str = "",
) -> Organisation:
    organisation = Organisation.objects.create(name=name, slug=slug, variant=variant, urn=urn)
    if partnership is not None:
        Participation.objects.create(
            partnership=partnership, organisation=organisation, is_statutory=is_statutory
        )
    return organisation


@untold
def make_member(
    email: str, *, organisation: Organisation, role: MembershipRole = MembershipRole.LEAD
) -> User:
    user = User.objects.filter(email=email).first() or make_user(email, password=PASSWORD)
    Membership.objects.create(user=user, organisation=organisation, role=role, started_at=timezone.now())
    return user


@untold
def make_officer(
    email: str, *, partnership: Partnership, role: OfficerRole = OfficerRole.ADMINISTRATOR
) -> User:
    user = User.objects.filter(email=email).first() or make_user(email, password=PASSWORD)
    Officer.objects.create(user=user, partnership=partnership, role=role)
    return user


@untold
def make_access(
    site: Organisation, group: Organisation, *, by: User, is_accepted: bool = True
) -> GroupAccess:
    """A group that sees the site or, not accepted, has asked to."""
    now = timezone.now()
    given = {"accepted_by": by, "started_at": now} if is_accepted else {}
    return GroupAccess.objects.create(site=site, group=group, asked_by=by, asked_at=now, **given)


def make_people(
    offices: Sequence[tuple[OfficerRole, Partnership]],
    memberships: Sequence[tuple[MembershipRole, Organisation]],
) -> dict[tuple[str, str], User]:
    """One person for each role in each place, by role and the place's slug: `lead@anchor.example`. Four queries."""
    password, now = make_password(PASSWORD), timezone.now()
    keys = [(str(role), partnership.slug) for role, partnership in offices]
    keys += [(str(role), organisation.slug) for role, organisation in memberships]
    users = [User(email=f"{role}@{slug}.example", password=password) for role, slug in keys]
    people = dict(zip(keys, User.objects.bulk_create(users), strict=True))
    Officer.objects.bulk_create(
        Officer(user=people[role, place.slug], partnership=place, role=role) for role, place in offices
    )
    Membership.objects.bulk_create(
        Membership(user=people[role, place.slug], organisation=place, role=role, started_at=now)
        for role, place in memberships
    )
    return people


def make_theme(code: str) -> Theme:
    return Theme.objects.get_or_create(
        code=code, defaults={"title": f"Theme {code}", "position": int(code[1:])}
    )[0]


def make_questionnaire(
    variant: Variant = Variant.STANDARD,
    *,
    standards: Mapping[str, int] | None = None,
    edition: str = "2026-27",
    revision: int = 1,
    partnership: Partnership | None = None,
) -> Questionnaire:
    """A small bank: by default two standards, A1 and A2, of two indicators each; the first is critical and core."""
    questionnaire = Questionnaire.objects.create(
        partnership=partnership,
        variant=variant,
        duty=Duty.SECTION_11,
        title=f"{variant.label} audit",
        edition=edition,
        revision=revision,
        introduction="How to answer.",
        scale=[
            {"score": score.value, "label": score.label, "description": "What it means."} for score in Score
        ],
        not_applicable_reasons=["It does not do this", "Another reason (explain it in the notes)"],
        digest=f"{variant}{edition}{revision}",
    )
    ProfileQuestion.objects.create(
        questionnaire=questionnaire, code="P1", kind="number", text="How many staff?", position=1
    )
    asked = standards or {"A1": 2, "A2": 2}
    made = Standard.objects.bulk_create(
        Standard(
            questionnaire=questionnaire,
            code=code,
            theme=make_theme(f"T{number}"),
            title=f"Standard {code}",
            guidance="Why it matters.",
            position=number,
        )
        for number, code in enumerate(asked, start=1)
    )
    places = [(standard, index) for standard in made for index in range(1, asked[standard.code] + 1)]
    Indicator.objects.bulk_create(
        Indicator(
            questionnaire=questionnaire,
            standard=standard,
            theme=standard.theme,
            code=f"{standard.code}.{index}",
            key=f"key-{standard.code}-{index}".lower(),
            text=f"Statement {standard.code}.{index}",
            guidance="What to look at.",
            descriptor_0="Nothing.",
            descriptor_1="Some.",
            descriptor_2="All.",
            is_critical=position == 1,
            is_core=position == 1,
            may_be_not_applicable=True,
            position=position,
        )
        for position, (standard, index) in enumerate(places, start=1)
    )
    return questionnaire


@untold
def make_cycle(
    partnership: Partnership,
    *,
    slug: str = "2026",
    questionnaires: tuple[Questionnaire, ...] = (),
    status: CycleStatus = CycleStatus.OPEN,
    kind: CycleKind = CycleKind.FULL,
    opens_on: datetime.date | None = None,
    closes_on: datetime.date | None = None,
    asks_sign_off: bool = False,
) -> Cycle:
    today = timezone.localdate()
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=slug,
        title=f"Audit {slug}",
        kind=kind,
        asks_sign_off=asks_sign_off,
        status=status,
        opens_on=opens_on or today - datetime.timedelta(days=10),
        closes_on=closes_on or today + datetime.timedelta(days=30),
        closed_at=timezone.now() if status == CycleStatus.CLOSED else None,
    )
    for questionnaire in questionnaires:
        CycleQuestionnaire.objects.create(
            cycle=cycle, variant=questionnaire.variant, questionnaire=questionnaire
        )
    return cycle


@untold
def make_invitee(
    cycle: Cycle, organisation: Organisation, *, obligation: Obligation = Obligation.MUST
) -> Invitee:
    pinned = cycle.cycle_questionnaires.get(variant=organisation.variant)
    return Invitee.objects.create(
        cycle=cycle, cycle_questionnaire=pinned, organisation=organisation, obligation=obligation
    )


@untold
def make_audit(
    cycle: Cycle,
    organisation: Organisation,
    *,
    scores: Mapping[str, int | str | None] | int | None = None,
    submitted_at: datetime.datetime | None = None,
    status: AuditStatus = AuditStatus.DRAFT,
) -> Audit:
    """An audit with these scores by indicator code (a text is a reason for not applicable), or one score for all.

    With status SUBMITTED or RETURNED it is frozen as a submission would.
    """
    invitee = Invitee.objects.filter(cycle=cycle, organisation=organisation).first() or make_invitee(
        cycle, organisation
    )
    audit = Audit.objects.create(invitee=invitee)
    indicators = audit.questionnaire.indicators.all()
    if isinstance(scores, int):
        scores = {indicator.code: scores for indicator in indicators}
    if scores:
        Answer.objects.bulk_create(
            make_answer(audit, indicator, scores[indicator.code])
            for indicator in indicators
            if indicator.code in scores
        )
    if status in (AuditStatus.SUBMITTED, AuditStatus.RETURNED):
        mark_submitted(audit, at=submitted_at or timezone.now(), by=None)
        freeze_answers(audit, [item for standard in get_progress(audit).standards for item in standard.items])
        if status == AuditStatus.RETURNED:
            make_correction(audit)
    return audit


def make_answer(audit: Audit, indicator: Indicator, value: int | str | None) -> Answer:
    """Unsaved: a score, or a text that says why it does not apply."""
    return Answer(
        audit=audit,
        indicator=indicator,
        score=value if isinstance(value, int) else None,
        not_applicable_reason=value if isinstance(value, str) else "",
    )


def make_correction(audit: Audit, *codes: str, reason: str = "Say more here.") -> Correction:
    """A submitted audit, returned for these indicators; for all, where none is named."""
    correction = Correction.objects.create(audit=audit, submission=audit.submission, reason=reason)
    indicators = audit.questionnaire.indicators.all()
    correction.indicators.set(indicators.filter(code__in=codes) if codes else indicators)
    audit.status = AuditStatus.RETURNED
    audit.save()
    return correction


def make_evidence(
    organisation: Organisation,
    title: str = "Safer recruitment policy",
    *,
    content: bytes = b"",
    kind: EvidenceKind = EvidenceKind.FILE,
) -> Evidence:
    """An item of the library; a file holds its own title unless it is given a content."""
    evidence = Evidence.objects.create(organisation=organisation, kind=kind, title=title)
    version = EvidenceVersion(evidence=evidence, number=1)
    match kind:
        case EvidenceKind.FILE:
            content = content or title.encode()
            version.name, version.content_type, version.size = f"{title}.txt", "text/plain", len(content)
            version.sha256 = hashlib.sha256(content).hexdigest()
            version.file.save("x", ContentFile(content), save=False)
        case EvidenceKind.LINK:
            version.url = "https://www.example.org/policy"
        case EvidenceKind.REFERENCE:
            version.reference = "In the office, shelf 3"
    version.save()
    return evidence


def make_sign_off(audit: Audit, *, signed_by: User | None = None) -> SignOff:
    """An audit that waits for its signatory, or that somebody has signed."""
    audit.status = AuditStatus.AWAITING_SIGN_OFF
    audit.save()
    if signed_by is None:
        return SignOff.objects.create(audit=audit)
    return SignOff.objects.create(
        audit=audit,
        decision=SignOffDecision.SIGNED,
        statement="I have read it.",
        decided_by=signed_by,
        decided_at=timezone.now(),
    )


@untold
def make_action(
    organisation: Organisation,
    partnership: Partnership,
    *,
    answer: Answer | None = None,
    due_on: datetime.date | None = None,
    **columns: Any,
) -> Action:
    """An action due in thirty days, not started: from an answer's score, or free."""
    due_on = due_on or timezone.localdate() + datetime.timedelta(days=30)
    given = {
        "origin": ActionOrigin.FREE if answer is None else ActionOrigin.SCORE,
        "what": "Every child is seen within three days",
        "measure": "Nine of ten files show it",
        "owner": "Deputy lead",
        "first_due_on": due_on,
    }
    return Action.objects.create(
        participation=organisation.participations.get(partnership=partnership),
        answer=answer,
        due_on=due_on,
        **given | columns,
    )


def make_passport_upload(audit: Audit, *, by: User, of: Audit | None = None) -> PassportUpload:
    """A passport of this audit, or of another, that waits for a decision here."""
    content = io.BytesIO()
    write_zip(of or audit, None, content)
    content.seek(0)
    return receive_passport(audit=audit, file=File(content, "passport.zip"), by=by)


@untold
def make_own_tool_return(invitee: Invitee, *, submitted_at: datetime.datetime | None = None) -> OwnToolReturn:
    """The organisation's own national audit, a small PDF of its library, in place of answers."""
    evidence = Evidence.objects.create(
        organisation=invitee.organisation, kind=EvidenceKind.FILE, title="Our own audit"
    )
    version = EvidenceVersion(
        evidence=evidence, number=1, name="own.pdf", content_type="application/pdf", size=8
    )
    version.file.save("own.pdf", ContentFile(b"%PDF-1.7"))
    return OwnToolReturn.objects.create(
        invitee=invitee,
        title="National self-assessment",
        version=version,
        submitted_at=submitted_at or timezone.now(),
    )
