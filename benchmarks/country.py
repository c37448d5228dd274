"""A fictional country in the database of the settings, in bulk and from a seed: `python -m benchmarks.country 10`.

Three kinds of partnership, so that each figure has what it is about beside what it must not be slowed down by:
`large` with 600 organisations, whatever the scale; `area-1`, `area-2` … with 200 each, as the country's partnerships
have on average; and `national`, which holds the whole country in one cycle.
"""

from __future__ import annotations

import datetime
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import django

if TYPE_CHECKING:
    from django.db.models import Model

    from s11.organisations.models import Organisation, Partnership, User
    from surveys.models import Audit, CycleQuestionnaire, Indicator

SEED: Final = 2004
# At 100 per cent: England's partnerships, the organisations in them, and the audits that a year brings.
PARTNERSHIPS: Final = 150
ORGANISATIONS: Final = 30_000
AUDITS: Final = 25_000
LARGE: Final = 600
CYCLE: Final = "2026"
BATCH: Final = 2_000
# One in so many of the large partnership is still being answered.
DRAFTS: Final = 6
OFFICER: Final = "officer@large.example"
# What differs from one answer to the next, and from one line of their trail.
ANSWER_COLUMNS: Final = (
    "id",
    "audit_id",
    "indicator_id",
    "score",
    "not_applicable_reason",
    "commentary",
    "updated_by_id",
    "submitted_score",
    "submitted_not_applicable",
)
CHANGE_COLUMNS: Final = ("answer_id", "score_after", "reason_after", "commentary_after", "by_id")
CARD_COLUMNS: Final = (
    "audit_id",
    "scope",
    "standard_id",
    "theme_id",
    "n",
    "sum",
    "zeros",
    "not_applicable",
    "grade",
)
Row = TypeVar("Row", bound="Model")
COMMENTARY: Final = (
    "We look at ten files a quarter with the team that keeps them, and at what children told us. "
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is made: partnerships with `each` organisations and `audits` of theirs, and the nation's."""

    areas: int
    organisations: int
    audits: int

    @property
    def rows(self) -> str:
        return f"{self.areas:,} partnerships, {self.organisations:,} organisations, {self.audits:,} audits"


def get_extent(percent: int) -> Extent:
    """At least one partnership; the others in proportion."""
    return Extent(
        areas=max(1, PARTNERSHIPS * percent // 100),
        organisations=ORGANISATIONS * percent // 100,
        audits=AUDITS * percent // 100,
    )


@dataclass(slots=True)
class Builder:
    """Makes partnerships one after the other; the same seed makes the same country."""

    chance: random.Random
    at: datetime.datetime
    banks: dict[str, list[Indicator]]

    def build(self, slug: str, organisations: int, audits: int, drafts: int = 0) -> Partnership:
        """One open cycle in which `audits` of the organisations are in or, one in `drafts`, still being answered."""
        from s11.organisations.models import Membership, Participation, Partnership, User  # noqa: PLC0415

        partnership = Partnership.objects.create(name=slug.title(), slug=slug)
        places = self._make_organisations(slug, organisations)
        _insert(Participation(partnership=partnership, organisation=one) for one in places)
        leads = _insert(User(email=f"lead@{one.slug}.example", password="!") for one in places)  # noqa: S106
        _insert(
            Membership(user=lead, organisation=one, role="lead", started_at=self.at)
            for lead, one in zip(leads, places, strict=True)
        )
        pins = self._pin(partnership)
        made = self._make_audits(places[:audits], pins, drafts)
        # Some thousand at a time: their answers are held in memory until their trail is made.
        for some in _batch(made, 1_000):
            self._answer(some, pins, dict(zip((one.pk for one in places), leads, strict=True)))
        return partnership

    def _make_organisations(self, slug: str, number: int) -> list[Organisation]:
        from s11.organisations.models import Organisation  # noqa: PLC0415

        variants = list(self.banks)
        return _insert(
            Organisation(
                name=f"{slug.title()} {index:05}", slug=f"{slug}-{index}", variant=variants[index % 4]
            )
            for index in range(number)
        )

    def _pin(self, partnership: Partnership) -> dict[str, CycleQuestionnaire]:
        from surveys.models import Cycle, CycleQuestionnaire  # noqa: PLC0415

        today = self.at.date()
        cycle = Cycle.objects.create(
            partnership=partnership,
            slug=CYCLE,
            title=f"Audit {CYCLE}",
            status="open",
            asks_sign_off=False,
            opens_on=today - datetime.timedelta(days=60),
            closes_on=today + datetime.timedelta(days=30),
        )
        return {
            variant: CycleQuestionnaire.objects.create(
                cycle=cycle, variant=variant, questionnaire=indicators[0].questionnaire
            )
            for variant, indicators in self.banks.items()
        }

    def _make_audits(
        self, places: Sequence[Organisation], pins: dict[str, CycleQuestionnaire], drafts: int
    ) -> list[Audit]:
        from surveys.models import Audit, Invitee  # noqa: PLC0415

        invitees = _insert(
            Invitee(cycle=pins[one.variant].cycle, cycle_questionnaire=pins[one.variant], organisation=one)
            for one in places
        )
        sent: dict[str, Any] = {
            "status": "submitted",
            "submission": 1,
            "first_submitted_at": self.at,
            "submitted_at": self.at,
        }
        return _insert(
            Audit(invitee=one, **({} if drafts and index % drafts == 0 else sent))
            for index, one in enumerate(invitees)
        )

    def _answer(
        self, audits: Sequence[Audit], pins: dict[str, CycleQuestionnaire], leads: dict[int, User]
    ) -> None:
        """All indicators of each, with one change as its trail; and the scorecards of those that are in."""
        from benchmarks.bulk_rows import get_next_number, insert_alike  # noqa: PLC0415
        from surveys.models import Answer, AnswerChange, Scorecard  # noqa: PLC0415
        from surveys.scorecards import make_scorecard_rows  # noqa: PLC0415
        from surveys.scoring import NOT_APPLICABLE  # noqa: PLC0415

        rows: list[tuple[Any, ...]] = []
        cards: list[Scorecard] = []
        number = get_next_number(Answer)
        for audit in audits:
            indicators = self.banks[audit.invitee.cycle_questionnaire.variant]
            lead, counted = leads[audit.invitee.organisation_id].pk, audit.is_counted
            said = [self._choose(one) for one in indicators]
            for indicator, score in zip(indicators, said, strict=True):
                reason = "" if score is not None else "We have no such service."
                commentary = COMMENTARY * self.chance.randint(1, 4)
                sent = (score, score is None) if counted else (None, False)
                rows.append((number, audit.pk, indicator.pk, score, reason, commentary, lead, *sent))
                number += 1
            if counted:
                items = [NOT_APPLICABLE if score is None else score for score in said]
                cards.extend(make_scorecard_rows(audit, zip(indicators, items, strict=True)))
        insert_alike(Answer(updated_at=self.at), ANSWER_COLUMNS, rows)
        insert_alike(
            AnswerChange(version=1, at=self.at),
            CHANGE_COLUMNS,
            ((row[0], *row[3:7]) for row in rows),
        )
        insert_alike(
            cards[0], CARD_COLUMNS, (tuple(getattr(card, name) for name in CARD_COLUMNS) for card in cards)
        )

    def _choose(self, indicator: Indicator) -> int | None:
        """A 2 most often, as in life; one in twenty that may be is not applicable, which is None."""
        if indicator.may_be_not_applicable and self.chance.random() < 0.05:
            return None
        return self.chance.choices((0, 1, 2), (1, 5, 10))[0]


def build(percent: int) -> Extent:
    """Into an empty, migrated database. Several minutes at 100 per cent."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from benchmarks.bulk_rows import count_on  # noqa: PLC0415
    from s11.organisations.models import Officer, User  # noqa: PLC0415
    from surveys.models import Answer, Indicator  # noqa: PLC0415

    call_command("load_questionnaires", verbosity=0)
    banks: dict[str, list[Indicator]] = {}
    # Those of a law to come are not asked yet.
    asked = Indicator.objects.filter(in_force=None).select_related("questionnaire", "standard", "theme")
    for indicator in asked.order_by("questionnaire__pk", "position"):
        banks.setdefault(indicator.questionnaire.variant, []).append(indicator)
    extent = get_extent(percent)
    # Not for secrets: the same country each time.
    builder = Builder(random.Random(SEED), timezone.now(), banks)  # noqa: S311
    large = builder.build("large", LARGE, LARGE, DRAFTS)
    officer = User.objects.create(email=OFFICER, password="!")  # noqa: S106
    Officer.objects.create(user=officer, partnership=large, role="administrator")
    each, audits = ORGANISATIONS // PARTNERSHIPS, AUDITS // PARTNERSHIPS
    for number in range(extent.areas):
        builder.build(f"area-{number + 1}", each, audits)
    builder.build("national", extent.organisations, extent.audits)
    count_on(Answer)
    return extent


def _insert(rows: Iterable[Row]) -> list[Row]:
    found = list(rows)
    return type(found[0])._default_manager.bulk_create(found, batch_size=BATCH) if found else []


def _batch(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size]


def main(percent: str) -> None:
    django.setup()
    print(json.dumps(asdict(build(int(percent)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
