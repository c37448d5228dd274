"""A partnership's cycles over three years at random, in bulk: changed banks, agencies that come and go, and all that
must not count. For the overviews that compare cycles, and their slow twin."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Membership, Organisation, Participation, Partnership, User
from surveys.enums import (
    ActionOrigin,
    ActionOutcome,
    ActionStatus,
    AuditStatus,
    CycleKind,
    CycleStatus,
    EvidenceKind,
    Series,
)
from surveys.models import (
    Action,
    ActionVerification,
    Answer,
    Audit,
    Cycle,
    CycleQuestionnaire,
    Evidence,
    EvidenceVersion,
    Indicator,
    Invitee,
    Moderation,
    OwnToolReturn,
    ProfileAnswer,
    ProfileChange,
    ProfileQuestion,
    Questionnaire,
    Scorecard,
    SeriesClose,
)
from surveys.scorecards import make_scorecard_rows
from surveys.scoring import NOT_APPLICABLE, Item
from tests import factories

STAFF: Final = "How many paid staff work in regulated activity with children?"
ORGANISATIONS: Final = 12
ASIDE: Final = "It does not do this"


@dataclass
class World:
    partnership: Partnership
    cycle: Cycle
    earlier: Sequence[Cycle]
    officer: User
    organisations: list[Organisation] = field(default_factory=list)


def make_banks(variant: Variant) -> tuple[Questionnaire, Questionnaire]:
    """Last year's, and this year's: one indicator gone, one new, one moved, one worded otherwise under its key."""
    old = factories.make_questionnaire(variant, standards={"A1": 2, "A2": 2, "A3": 1}, edition="2025-26")
    new = factories.make_questionnaire(variant, standards={"A1": 2, "A2": 3, "A3": 2}, edition="2026-27")
    new.indicators.filter(code="A1.2").update(key="key-another")
    new.indicators.filter(code="A2.2").update(key="key-brand-new")
    new.indicators.filter(code="A2.3").update(key="key-a1-2", theme=factories.make_theme("T1"))
    new.indicators.filter(code="A3.1").update(descriptor_2="All of it, each year.")
    # A law to come: this year asks it of nobody, unless somebody has an answer.
    new.indicators.filter(code="A3.2").update(in_force=datetime.date(2100, 1, 1))
    for bank in (old, new):
        bank.profile_questions.update(text=STAFF)
    return old, new


def make_world(seed: int, kind: CycleKind = CycleKind.FULL) -> World:
    """`kind` is that of the cycle in the middle; `world.cycle` is the last of three."""
    chance = random.Random(seed)
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = {variant: make_banks(variant) for variant in (Variant.STANDARD, Variant.SCHOOL)}
    old, new = (tuple(pair[place] for pair in banks.values()) for place in (0, 1))
    today = timezone.localdate()
    cycles = []
    for years, held, its_kind in (
        (2, old, CycleKind.FULL),
        (1, old[: 1 + seed % 2], kind),
        (0, new, CycleKind.FULL),
    ):
        closes_on = today + datetime.timedelta(days=20 - 365 * years)
        cycle = factories.make_cycle(
            partnership,
            slug=str(2026 - years),
            questionnaires=held,
            kind=its_kind,
            opens_on=closes_on - datetime.timedelta(days=60),
            closes_on=closes_on,
            status=CycleStatus.CLOSED if years else CycleStatus.OPEN,
        )
        if its_kind == CycleKind.TOPIC:
            for pin in cycle.cycle_questionnaires.all():
                pin.standards.set(pin.questionnaire.standards.filter(code="A2"))
        cycles.append(cycle)
    officer = factories.make_user("officer@harbour.example")
    world = World(partnership, cycles[-1], cycles[:-1], officer)
    world.organisations = make_organisations(chance, partnership)
    for cycle in cycles:
        fill(chance, cycle, world)
    make_leaks(world, new)
    return world


def make_organisations(chance: random.Random, partnership: Partnership) -> list[Organisation]:
    made = Organisation.objects.bulk_create(
        Organisation(
            name=f"Place {number:02}",
            slug=f"place-{number}",
            variant=chance.choice((Variant.STANDARD, Variant.STANDARD, Variant.SCHOOL)),
            urn=f"1000{number:02}" if number % 4 == 0 else "",
            ods_code=f"R{number}" if number % 4 == 1 else "",
        )
        for number in range(ORGANISATIONS)
    )
    Participation.objects.bulk_create(
        Participation(
            partnership=partnership,
            organisation=one,
            is_statutory=chance.random() < 0.5,
            local_name=f"Our {one.name}" if chance.random() < 0.3 else "",
        )
        for one in made
    )
    users = User.objects.bulk_create(User(email=f"lead@{one.slug}.example", password="!") for one in made)
    long_ago = timezone.now() - datetime.timedelta(days=2_000)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=one, role="lead", started_at=long_ago)
        for user, one in zip(users[::2], made[::2], strict=True)
    )
    return made


def fill(chance: random.Random, cycle: Cycle, world: World) -> None:
    """Most are invited; some are exempt, some drafts, some returned, some send a tool of their own."""
    pins = {pin.variant: pin for pin in cycle.cycle_questionnaires.all()}
    asked = [one for one in world.organisations if chance.random() < 0.85]
    invitees = Invitee.objects.bulk_create(
        Invitee(
            cycle=cycle,
            organisation=one,
            cycle_questionnaire=pins.get(
                # Some change their variant from one year to the next.
                one.variant if chance.random() < 0.85 else Variant.STANDARD, pins[Variant.STANDARD]
            ),
            exempt_reason="It has closed." if chance.random() < 0.1 else "",
            extended_to=cycle.closes_on + datetime.timedelta(days=5) if chance.random() < 0.2 else None,
        )
        for one in asked
    )  # fmt: skip
    audits, tools = [], []
    for invitee in invitees:
        kind = chance.choice(("submitted",) * 6 + ("returned", "draft", "nothing", "tool"))
        if kind == "tool":
            tools.append(invitee)
        elif kind != "nothing":
            audits.append(make_audit(chance, invitee, kind))
    Audit.objects.bulk_create(audits)
    for invitee in tools:
        add_own_tool(chance, invitee)
    answers = answer(chance, cycle, audits)
    counted = [audit for audit in audits if audit.is_counted]
    judge(chance, counted, answers, world.officer)
    plan(chance, answers, world)
    say_sizes(chance, audits)


def make_audit(chance: random.Random, invitee: Invitee, kind: str) -> Audit:
    if kind == "draft":
        return Audit(invitee=invitee)
    day = invitee.cycle.closes_on - datetime.timedelta(days=chance.randrange(-10, 50))
    at = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    status = AuditStatus.SUBMITTED if kind == "submitted" else AuditStatus.RETURNED
    return Audit(
        invitee=invitee,
        status=status,
        submission=chance.choice((1, 2)),
        first_submitted_at=at,
        submitted_at=at,
    )


def add_own_tool(chance: random.Random, invitee: Invitee) -> None:
    evidence = Evidence.objects.create(
        organisation=invitee.organisation, kind=EvidenceKind.REFERENCE, title="Ours"
    )
    version = EvidenceVersion.objects.create(evidence=evidence, number=1, reference="Shelf")
    day = invitee.cycle.closes_on - datetime.timedelta(days=chance.randrange(-10, 50))
    OwnToolReturn.objects.create(
        invitee=invitee,
        title="National audit",
        version=version,
        submitted_at=datetime.datetime.combine(day, datetime.time(12), datetime.UTC),
    )


def list_asked(cycle: Cycle, audit: Audit) -> list[Indicator]:
    bank = audit.invitee.cycle_questionnaire.questionnaire
    found = bank.indicators.filter(in_force=None).select_related("standard")
    if cycle.kind == CycleKind.CORE:
        return list(found.filter(is_core=True))
    if cycle.kind == CycleKind.TOPIC:
        return list(found.filter(standard__code="A2"))
    return list(found)


def answer(chance: random.Random, cycle: Cycle, audits: Iterable[Audit]) -> dict[int, list[Answer]]:
    """Scores with zeros and items set aside among them; a returned audit already says something else again."""
    banks: dict[int, list[Indicator]] = {}
    rows: dict[int, list[Answer]] = {}
    for audit in audits:
        pin = audit.invitee.cycle_questionnaire_id
        if pin not in banks:
            banks[pin] = list_asked(cycle, audit)
        for indicator in banks[pin]:
            if indicator.code == "A3.1" and chance.random() < 0.4:
                continue  # its profile rules it out
            score = chance.choice((0, 1, 1, 2, 2, 2, None))
            row = Answer(
                audit=audit,
                indicator=indicator,
                score=score,
                not_applicable_reason="" if score is not None else ASIDE,
            )
            if audit.is_counted:
                row.submitted_score, row.submitted_not_applicable = score, score is None
            if audit.status == AuditStatus.RETURNED:
                row.score, row.not_applicable_reason = 0, ""
            row.no_action_reason = "It is not ours." if chance.random() < 0.2 else ""
            rows.setdefault(audit.pk, []).append(row)
    Answer.objects.bulk_create(row for listed in rows.values() for row in listed)
    cards = [
        card
        for audit in audits
        if audit.is_counted
        for card in make_scorecard_rows(audit, [(row.indicator, say(row)) for row in rows.get(audit.pk, [])])
    ]
    Scorecard.objects.bulk_create(cards)
    return rows


def say(row: Answer) -> Item:
    return NOT_APPLICABLE if row.submitted_score is None else row.submitted_score


def judge(chance: random.Random, audits: Iterable[Audit], answers: dict[int, list[Answer]], by: User) -> None:
    """Moderated, some of it finally, some of that before a panel; some only in an earlier submission."""
    rows: list[Moderation] = []
    cards: list[Scorecard] = []
    closes: list[SeriesClose] = []
    for audit in audits:
        said = {row.indicator_id: say(row) for row in answers.get(audit.pk, [])}
        is_open = False
        for series in (Series.MODERATED, Series.PANEL):
            is_open = is_open or chance.random() < 0.3
            for row in answers.get(audit.pk, []):
                for version in range(1, 1 + chance.choice((0, 0, 1, 2))):
                    judged = chance.choice((0, 1, 2, None, NOT_APPLICABLE))
                    rows.append(make_moderation(row, series, version, judged, by))
                if rows and rows[-1].answer is row and rows[-1].series == series:
                    said[row.indicator_id] = read(rows[-1], said[row.indicator_id])
            if is_open:
                continue
            closes.append(SeriesClose(audit=audit, submission=audit.submission, series=series, by=by))
            items = [(row.indicator, said[row.indicator_id]) for row in answers.get(audit.pk, [])]
            cards += make_scorecard_rows(audit, items, series=series)
    Moderation.objects.bulk_create(rows)
    SeriesClose.objects.bulk_create(closes)
    Scorecard.objects.bulk_create(cards)


def make_moderation(row: Answer, series: Series, version: int, judged: Item, by: User) -> Moderation:
    return Moderation(
        answer=row,
        submission=row.audit.submission,
        series=series,
        version=version,
        score=judged if isinstance(judged, int) else None,
        is_not_applicable=judged is NOT_APPLICABLE,
        reason="Seen.",
        by=by,
    )


def read(row: Moderation, before: Item) -> Item:
    if row.is_not_applicable:
        return NOT_APPLICABLE
    return before if row.score is None else row.score


def plan(chance: random.Random, answers: dict[int, list[Answer]], world: World) -> None:
    places = {one.organisation_id: one for one in Participation.objects.filter(partnership=world.partnership)}
    today = timezone.localdate()
    actions = []
    for row in (row for listed in answers.values() for row in listed):
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
            due_on = today + datetime.timedelta(days=chance.randrange(-40, 40))
            status = chance.choice(list(ActionStatus))
            actions.append(
                Action(
                    participation=places[row.audit.invitee.organisation_id],
                    origin=ActionOrigin.SCORE,
                    answer=row,
                    what="It is done.",
                    measure="It is seen.",
                    owner="Lead",
                    due_on=due_on,
                    first_due_on=due_on,
                    status=status,
                    percent=100 if status == ActionStatus.DONE else 0,
                )
            )
    Action.objects.bulk_create(actions)
    long_ago = timezone.now() - datetime.timedelta(days=9)
    ActionVerification.objects.bulk_create(
        ActionVerification(
            action=one,
            outcome=chance.choice(list(ActionOutcome)),
            text="Seen.",
            by=world.officer,
            at=long_ago + datetime.timedelta(days=number),
        )
        for one in actions
        for number in range(chance.choice((0, 1, 2)))
    )


def say_sizes(chance: random.Random, audits: Iterable[Audit]) -> None:
    questions = {one.questionnaire_id: one for one in ProfileQuestion.objects.filter(text=STAFF)}
    rows = ProfileAnswer.objects.bulk_create(
        ProfileAnswer(
            audit=audit,
            question=questions[audit.invitee.cycle_questionnaire.questionnaire_id],
            value=chance.choice(("", "0", "9", "10", "49", "250", "4000")),
        )
        for audit in audits
        if chance.random() < 0.8
    )
    ProfileChange.objects.bulk_create(
        ProfileChange(
            answer=row,
            version=2,
            value_before="12",
            value_after=row.value,
            at=row.audit.submitted_at + datetime.timedelta(days=chance.choice((-1, 1))),
        )
        for row in rows
        if row.audit.submitted_at is not None and chance.random() < 0.4
    )


def make_leaks(world: World, banks: Sequence[Questionnaire]) -> None:
    """The same organisations, all at 0: elsewhere, and here in a cycle that closes later and in one that is planned."""
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    for partnership, slug, days, status in (
        (elsewhere, "2025", -300, CycleStatus.OPEN),
        (world.partnership, "2027", 300, CycleStatus.OPEN),
        (world.partnership, "2025-plan", -300, CycleStatus.PLANNED),
    ):
        closes_on = timezone.localdate() + datetime.timedelta(days=days)
        opens_on = closes_on - datetime.timedelta(days=9)
        cycle = factories.make_cycle(
            partnership,
            slug=slug,
            questionnaires=tuple(banks),
            status=status,
            opens_on=opens_on,
            closes_on=closes_on,
        )
        pin = CycleQuestionnaire.objects.get(cycle=cycle, variant=Variant.STANDARD)
        one = world.organisations[0]
        invitee = Invitee.objects.create(cycle=cycle, cycle_questionnaire=pin, organisation=one)
        now = timezone.now()
        audit = Audit.objects.create(
            invitee=invitee,
            status=AuditStatus.SUBMITTED,
            submission=1,
            first_submitted_at=now,
            submitted_at=now,
        )
        rows = [
            Answer(audit=audit, indicator=indicator, score=0, submitted_score=0)
            for indicator in pin.questionnaire.indicators.all()
        ]
        Answer.objects.bulk_create(rows)
        Scorecard.objects.bulk_create(make_scorecard_rows(audit, [(row.indicator, 0) for row in rows]))
