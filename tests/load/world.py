"""The partnership of the deadline evening, made in bulk in an empty database.

Fictional, and the same on every run of the same day. A year ago everybody submitted; this year's audits began from
that, and are as far as audits are on the last evening. evening.json tells the people who will come.
"""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from s11.demo.facts import make_fact
from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import Membership, Officer, Organisation, Participation, Partnership, User
from surveys.carry_over import carry_over
from surveys.enums import CycleStatus
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    Cycle,
    CycleQuestionnaire,
    Indicator,
    Invitee,
    ProfileAnswer,
    ProfileQuestion,
)
from surveys.progress import get_progress
from surveys.queries import get_newest_questionnaires
from surveys.workflow import freeze_answers, mark_submitted
from tests.load.evening import Evening, Person, Watcher
from tests.load.samples import make_samples

SLUG: Final = "tidewater"
THIS_YEAR: Final = "2026"
PASSWORD: Final = "a lantern by the slipway"
# Two people an organisation: a lead and a colleague, who halve the standards between them.
ROLES: Final = (MembershipRole.LEAD, MembershipRole.CONTRIBUTOR)
OFFICERS: Final = (
    OfficerRole.ADMINISTRATOR,
    OfficerRole.QUALITY_OFFICER,
    OfficerRole.QUALITY_OFFICER,
    OfficerRole.SCRUTINEER,
)
# Of a partnership's organisations most are schools.
VARIANTS: Final = (
    Variant.SCHOOL,
    Variant.SCHOOL,
    Variant.SCHOOL,
    Variant.STANDARD,
    Variant.HEALTH,
    Variant.CARE_HOME,
)
# Every tenth has answered everything and only sends it; the others have answered from a fifth to nine tenths.
COMPLETE_EVERY: Final = 10
SHARES: Final = (0.2, 0.9)
COMMENTARIES: Final = (
    "Ten files a term are read with the team that keeps them. In the spring nine showed it; the governors saw all.",
    "Everybody was trained in September, newcomers in their first week. Children told us whom they would go to.",
    "The policy was read by the board in June. It names who is told, within how many hours, and what is written down.",
)
BATCH: Final = 2_000


def build(folder: Path, people: int) -> Evening:
    """Everything of the evening, in a database that has its tables and its question banks."""
    chance = random.Random(20_261_031)
    with transaction.atomic():
        partnership = Partnership.objects.create(
            name="Tidewater Safeguarding Children Partnership", slug=SLUG
        )
        organisations = make_organisations(partnership, max(people // len(ROLES), 1))
        members = make_members(organisations)
        officers = make_officers(partnership)
        today = timezone.localdate()
        a_year = datetime.timedelta(days=364)
        last = make_cycle(partnership, "2025", today - a_year, organisations)
        answer_last_year(chance, last, members)
        close(last, today - a_year)
        this = make_cycle(partnership, THIS_YEAR, today, organisations)
        audits = begin_this_year(chance, this, members)
    return Evening(
        partnership=SLUG,
        cycle=THIS_YEAR,
        people=[
            describe(audit, role, member, number)
            for number, audit in enumerate(audits)
            for role, member in zip(ROLES, members[audit.organisation.pk], strict=True)
        ],
        officers=officers,
        samples=make_samples(chance, folder / "samples"),
    )


# Who takes part -------------------------------------------------------------------------------------------------------


def make_organisations(partnership: Partnership, number: int) -> list[Organisation]:
    variants = [VARIANTS[index % len(VARIANTS)] for index in range(number)]
    made = Organisation.objects.bulk_create(
        Organisation(
            name=f"Tidewater {variant.label} {index:03}", slug=f"tidewater-{index:03}", variant=variant
        )
        for index, variant in enumerate(variants)
    )
    Participation.objects.bulk_create(
        Participation(partnership=partnership, organisation=one) for one in made
    )
    return made


def make_members(organisations: Sequence[Organisation]) -> dict[int, list[User]]:
    """By organisation; one password for all, which costs its check at each sign-in all the same."""
    password, began = make_password(PASSWORD), timezone.now() - datetime.timedelta(days=500)
    names = [(one, role) for one in organisations for role in ROLES]
    users = User.objects.bulk_create(
        User(email=f"{role}@{one.slug}.example", name=f"{role.label} of {one.name}", password=password)
        for one, role in names
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=one, role=role, started_at=began)
        for user, (one, role) in zip(users, names, strict=True)
    )
    size = len(ROLES)
    return {one.pk: users[place * size : (place + 1) * size] for place, one in enumerate(organisations)}


def make_officers(partnership: Partnership) -> list[Watcher]:
    """They sign in with a second step, as officers must."""
    password, found = make_password(PASSWORD), []
    for number, role in enumerate(OFFICERS):
        user = User.objects.create(
            email=f"officer-{number}@tidewater.example", name=f"Officer {number}", password=password
        )
        Officer.objects.create(user=user, partnership=partnership, role=role)
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        found.append(Watcher(email=user.email, password=PASSWORD, secret=secret))
    return found


# Cycles ---------------------------------------------------------------------------------------------------------------


def make_cycle(
    partnership: Partnership, slug: str, closes_on: datetime.date, organisations: Sequence[Organisation]
) -> Cycle:
    """Open, and everybody is invited."""
    opens_on = closes_on - datetime.timedelta(days=70)
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=slug,
        title=f"Safeguarding audit {slug}",
        status=CycleStatus.OPEN,
        asks_sign_off=False,
        opens_on=opens_on,
        closes_on=closes_on,
        opened_at=timezone.now() - (timezone.localdate() - opens_on),
    )
    pins = {
        variant: CycleQuestionnaire.objects.create(cycle=cycle, variant=variant, questionnaire=bank)
        for variant, bank in get_newest_questionnaires(partnership).items()
    }
    Invitee.objects.bulk_create(
        Invitee(cycle=cycle, cycle_questionnaire=pins[Variant(one.variant)], organisation=one)
        for one in organisations
    )
    return cycle


def close(cycle: Cycle, on: datetime.date) -> None:
    cycle.status = CycleStatus.CLOSED
    cycle.closed_at = timezone.now() - (timezone.localdate() - on)
    cycle.save()


def make_audits(cycle: Cycle) -> list[Audit]:
    places = cycle.invitees.order_by("pk")
    Audit.objects.bulk_create(
        Audit(invitee=one, created_at=cycle.opened_at or timezone.now()) for one in places
    )
    return list(Audit.objects.filter(invitee__cycle=cycle).with_place().order_by("pk"))


def write_facts(chance: random.Random, audits: Sequence[Audit]) -> None:
    questions: dict[int, list[ProfileQuestion]] = {}
    for question in ProfileQuestion.objects.order_by("position"):
        questions.setdefault(question.questionnaire_id, []).append(question)
    ProfileAnswer.objects.bulk_create(
        (
            ProfileAnswer(audit=audit, question=question, value=make_fact(chance, audit, question))
            for audit in audits
            for question in questions[audit.questionnaire.pk]
        ),
        batch_size=BATCH,
    )


def answer_last_year(chance: random.Random, cycle: Cycle, members: dict[int, list[User]]) -> None:
    """Everybody answered everything and submitted."""
    audits = make_audits(cycle)
    write_facts(chance, audits)
    indicators: dict[int, list[Indicator]] = {}
    for indicator in Indicator.objects.order_by("position"):
        indicators.setdefault(indicator.questionnaire_id, []).append(indicator)
    Answer.objects.bulk_create(
        (
            Answer(
                audit=audit,
                indicator=indicator,
                score=chance.choice((1, 2, 2, 2, 0)),
                commentary=chance.choice(COMMENTARIES),
                updated_by=members[audit.organisation.pk][0],
                updated_at=cycle.opened_at or timezone.now(),
            )
            for audit in audits
            for indicator in indicators[audit.questionnaire.pk]
        ),
        batch_size=BATCH,
    )
    for audit in audits:
        at = (cycle.opened_at or timezone.now()) + datetime.timedelta(days=60)
        mark_submitted(audit, at=at, by=members[audit.organisation.pk][0])
        items = [item for standard in get_progress(audit).standards for item in standard.items]
        freeze_answers(audit, items)


def begin_this_year(chance: random.Random, cycle: Cycle, members: dict[int, list[User]]) -> list[Audit]:
    """Brought forward from last year, and confirmed or answered anew as far as each has come."""
    audits = make_audits(cycle)
    write_facts(chance, audits)
    changes: list[AnswerChange] = []
    for number, audit in enumerate(audits):
        lead = members[audit.organisation.pk][0]
        carry_over(audit, by=lead)
        answers = list(audit.answers.order_by("indicator__position"))
        share = 1.0 if number % COMPLETE_EVERY == 0 else chance.uniform(*SHARES)
        changes += [look_again(chance, one, lead) for one in answers[: round(len(answers) * share)]]
    Answer.objects.bulk_update(
        [change.answer for change in changes],
        ["score", "commentary", "confirmed", "version", "updated_by", "updated_at"],
        batch_size=BATCH // 4,
    )
    AnswerChange.objects.bulk_create(changes, batch_size=BATCH)
    return audits


def look_again(chance: random.Random, answer: Answer, by: User) -> AnswerChange:
    at = timezone.now() - datetime.timedelta(hours=chance.randrange(24, 24 * 30))
    return answer.change_to(
        score=chance.choice((1, 2, 2, 2)),
        reason="",
        commentary=f"{answer.commentary} Looked at again this year."[:2_000],
        by=by,
        at=at,
    )


def describe(audit: Audit, role: MembershipRole, member: User, number: int) -> Person:
    """The lead answers the first standards and the colleague the rest; where all is answered already, the lead looks
    at the first once more and submits, and the colleague reads.
    """
    codes = list(audit.questionnaire.standards.order_by("position").values_list("code", flat=True))
    half = len(codes) // 2
    is_lead, is_complete = role == MembershipRole.LEAD, number % COMPLETE_EVERY == 0
    return Person(
        number=member.pk,
        email=member.email,
        password=PASSWORD,
        organisation=audit.organisation.slug,
        # Each organisation comes from an internet address of its own, as a proxy would say.
        address=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        standards=codes[:half] if is_lead else [] if is_complete else codes[half:],
        submits=is_lead and is_complete,
    )


def main(folder: str, people: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("load_questionnaires", verbosity=0)
    evening = build(Path(folder), int(people))
    (Path(folder) / "evening.json").write_text(json.dumps(asdict(evening)), encoding="utf-8")
    number, answers = len(evening.people), Answer.objects.count()
    print(f"{number:,} people of {number // len(ROLES):,} organisations, {answers:,} answers")
