"""What stands beside an overview: which cycles, broken lines, like with like, names, and the number of queries."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from s11.organisations.enums import Variant
from surveys.enums import AuditStatus, CycleKind, Series
from surveys.full_csv import make_rows
from surveys.full_overview import FullOverview, full_as_json, get_full_overview
from surveys.models import Audit, Cycle, Questionnaire
from surveys.overview import get_overview
from surveys.overview_banks import Pin
from surveys.overview_csv import COLUMNS
from surveys.overview_heat import HeatState
from surveys.overview_returns import MILESTONES
from surveys.overview_years import Line
from tests import factories
from tests.surveys.overview_world import World, make_banks, make_world

pytestmark = pytest.mark.django_db
QUERIES = 9  # one of each app's part that has nothing to say
TODAY = datetime.date(2026, 6, 1)


def make_year(
    cycle_of: Cycle | None, year: int, *banks: Questionnaire, kind: CycleKind = CycleKind.FULL
) -> Cycle:
    partnership = cycle_of.partnership if cycle_of else factories.make_partnership("Harbour", slug="harbour")
    closes_on = timezone.localdate() - datetime.timedelta(days=365 * (2026 - year) - 20)
    return factories.make_cycle(
        partnership,
        slug=str(year),
        questionnaires=banks,
        kind=kind,
        opens_on=closes_on - datetime.timedelta(days=60),
        closes_on=closes_on,
    )


def submit(cycle: Cycle, name: str, scores: Any, variant: Variant = Variant.STANDARD) -> Audit:
    found = cycle.partnership.participations.filter(organisation__name=name).first()
    organisation = (
        found.organisation
        if found
        else factories.make_organisation(name, variant=variant, partnership=cycle.partnership)
    )
    return factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)


@pytest.fixture
def years() -> tuple[Cycle, Cycle]:
    """Last year's and this year's, whose bank lost, gained and moved an indicator."""
    old, new = make_banks(Variant.STANDARD)
    last = make_year(None, 2025, old)
    return last, make_year(last, 2026, new)


def get_line(full: FullOverview, code: str) -> Line:
    (variant,) = full.years.variants
    return next(line for line in variant.standards if line.code == code)


# Broken lines ---------------------------------------------------------------------------------------------------------


def test_a_line_is_broken_where_the_questions_changed_and_says_why(years: tuple[Cycle, Cycle]) -> None:
    for cycle in years:
        submit(cycle, "Anchor", 2)
    full = get_full_overview(years[1])
    reasons = {code: get_line(full, code).points[-1].change for code in ("A1", "A2", "A3")}
    assert [change.reason for change in reasons.values() if change] == [
        "Not the same questions: A1.2 is new and what was A1.2 is no longer asked here.",
        "Not the same questions: A2.2 and A2.3 are new and what was A2.2 is no longer asked here.",
        "",
    ]
    assert [change.note for change in reasons.values() if change] == ["", "", "A3.1 is worded otherwise."]
    assert [point.is_broken for point in full.years.whole.points] == [False, True]


def test_a_pair_is_of_the_same_indicators_where_the_line_is_broken(years: tuple[Cycle, Cycle]) -> None:
    """A1: of two indicators each, one is the same. Its score fell; the other’s rose."""
    submit(years[0], "Anchor", {"A1.1": 2, "A1.2": 0, "A2.1": 1, "A2.2": 1, "A3.1": 1})
    submit(years[1], "Anchor", {"A1.1": 0, "A1.2": 2, "A2.1": 1, "A2.2": 1, "A2.3": 2, "A3.1": 1})
    line = get_line(get_full_overview(years[1]), "A1")
    assert [point.marks.mean for point in line.points] == ["1.00", "1.00"]
    (pair,) = line.pairs
    assert (pair.before.mean, pair.now.mean, pair.down, pair.up) == ("2.00", "0.00", 1, 0)
    whole = get_full_overview(years[1]).years.whole.pair
    assert whole is not None
    # A1.1, A2.1 and A3.1, and what was A1.2 and is A2.3.
    assert (whole.before.total, whole.now.total, whole.change.shared) == (4, 4, 4)


def test_an_agency_that_changed_its_variant_is_in_no_pair(years: tuple[Cycle, Cycle]) -> None:
    school = make_banks(Variant.SCHOOL)[1]
    years[1].cycle_questionnaires.create(variant=Variant.SCHOOL, questionnaire=school)
    submit(years[0], "Anchor", 1)
    submit(years[0], "Beacon", 1)
    submit(years[1], "Beacon", 2)
    anchor = years[0].invitees.get(organisation__name="Anchor").organisation
    anchor.variant = Variant.SCHOOL
    anchor.save()
    submit(years[1], "Anchor", 0)
    full = get_full_overview(years[1])
    pair = full.years.whole.pair
    assert pair is not None
    assert (pair.organisations, pair.up, pair.down) == (1, 1, 0)
    change = full.years.whole.points[-1].change
    assert change is not None
    assert "School was not asked then" in change.reason
    # Of schools there is no line before this year.
    assert [len(variant.whole.points) for variant in full.years.variants] == [2, 1]
    assert full.years.variants[1].whole.pair is None


def test_a_wording_with_other_line_breaks_is_the_same(years: tuple[Cycle, Cycle]) -> None:
    indicators = years[1].cycle_questionnaires.get().questionnaire.indicators
    indicators.filter(code="A3.1").update(descriptor_2="All.\n")
    for cycle in years:
        submit(cycle, "Anchor", 2)
    change = get_line(get_full_overview(years[1]), "A3").points[-1].change
    assert change is not None
    assert (change.note, change.reason) == ("", "")


# Which cycles ---------------------------------------------------------------------------------------------------------


def test_earlier_full_cycles_stand_beside_it_and_others_are_offered() -> None:
    bank = factories.make_questionnaire()
    school = factories.make_questionnaire(Variant.SCHOOL)
    first = make_year(None, 2020, bank)
    kinds = {2022: CycleKind.TOPIC, 2023: CycleKind.CORE, 2024: CycleKind.FULL}
    for year, kind in kinds.items():
        make_year(first, year, bank, kind=kind)
    make_year(first, 2021, school)
    make_year(first, 2027, bank)
    now = make_year(first, 2026, bank)
    full = get_full_overview(now)
    assert [cycle.slug for cycle in full.offered] == ["2024", "2023", "2022", "2020"]
    assert [cycle.slug for cycle in full.years.cycles] == ["2020", "2024", "2026"]
    assert [cycle.slug for cycle in get_full_overview(now, compared=["2022"]).years.cycles] == [
        "2022",
        "2026",
    ]
    assert [cycle.slug for cycle in get_full_overview(now, compared=["2021", "2027"]).years.cycles] == [
        "2026"
    ]
    assert [cycle.slug for cycle in get_full_overview(now, compared=[]).years.cycles] == ["2026"]


def test_the_command_takes_the_cycles_that_are_named_and_no_others(tmp_path: Path) -> None:
    world = make_world(1)
    where = {"partnership": "harbour", "cycle": world.cycle.slug, "format": "json"}
    path = tmp_path / "overview.json"
    for chosen, expected in ((None, ["2024", "2025", "2026"]), (["2024"], ["2024", "2026"])):
        call_command("overview", **where, output=str(path), compare=chosen, stdout=StringIO())
        assert json.loads(path.read_text(encoding="utf-8"))["years"]["cycles"] == expected
    for unknown in ("2027", "2025-plan", "2019"):
        with pytest.raises(CommandError, match=f"cannot be compared with ‘{unknown}’: there is 2025, 2024"):
            call_command("overview", **where, output=str(path), compare=[unknown], stdout=StringIO())


# Size and names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize(("audits", "cycles"), [(1, 0), (3, 0), (3, 2)])
def test_queries_do_not_grow(
    audits: int, cycles: int, series: Series, django_assert_num_queries: Callable[..., Any]
) -> None:
    bank = factories.make_questionnaire()
    now = make_year(None, 2026, bank)
    for cycle in [now, *(make_year(now, 2025 - number, bank) for number in range(cycles))]:
        for number in range(audits):
            audit = submit(cycle, f"Place {number}", 1)
            factories.make_action(audit.organisation, now.partnership, answer=audit.answers.first())
    found = Cycle.objects.select_related("partnership").get(pk=now.pk)
    with django_assert_num_queries(QUERIES):
        got = full_as_json(get_full_overview(found, series))
    assert len(got["years"]["cycles"]) == 1 + cycles


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("series", Series)
def test_rows_add_up_to_what_the_database_counts_by_itself(seed: int, series: Series) -> None:
    cycle = make_world(seed).cycle
    found, counted = get_full_overview(cycle, series).overview, get_overview(cycle, series)
    assert counted.submitted
    assert replace(found, made_at=counted.made_at) == counted


def test_without_names_every_figure_stays_and_no_name() -> None:
    names = [f"Place {number:02}" for number in range(12)]
    full = get_full_overview(make_world(0).cycle)
    nameless = full.without_names()
    said = json.dumps(list(make_rows(full)), default=str)
    assert any(name in said for name in names)
    said = json.dumps([full_as_json(nameless), *make_rows(nameless)], default=str)
    assert not [name for name in names if name in said]
    assert "Place" not in repr(nameless.returns)
    assert nameless.heat_map is None
    assert nameless.years == full.years
    assert nameless.returns.own_tools_of_submitted == full.returns.own_tools_of_submitted


def test_the_version_is_of_all_that_stands_beside_too(years: tuple[Cycle, Cycle]) -> None:
    audit = submit(years[1], "Anchor", 1)
    before = get_full_overview(years[1]).overview.fingerprint
    assert get_full_overview(years[1]).overview.fingerprint == before
    factories.make_action(audit.organisation, audit.partnership, answer=audit.answers.first())
    assert get_full_overview(years[1]).overview.fingerprint != before


# The heat map ---------------------------------------------------------------------------------------------------------


def test_rows_stand_by_concern_and_say_why_one_is_empty() -> None:
    cycle = make_year(None, 2026, factories.make_questionnaire())
    submit(cycle, "Zeal", 2)
    submit(cycle, "Mill", {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": 2})  # a critical 0, and A1 at grade 1
    submit(cycle, "Cove", {"A1.1": 2, "A1.2": 0, "A2.1": 2, "A2.2": 2})
    submit(cycle, "Abbey", 1)
    submit(cycle, "Low", 0)
    submit(cycle, "Aside", dict.fromkeys(("A1.1", "A1.2", "A2.1", "A2.2"), "It does not do this"))
    for name in ("Tool", "Gone", "Late"):
        organisation = factories.make_organisation(name, partnership=cycle.partnership)
        invitee = factories.make_invitee(cycle, organisation)
        if name == "Tool":
            factories.make_own_tool_return(invitee)
        elif name == "Gone":
            invitee.exempt_reason = "It has closed."
            invitee.save()
    heat_map = get_full_overview(cycle).heat_map
    assert heat_map is not None
    (heat,) = heat_map.variants
    assert [row.organisation for row in heat.rows] == [
        "Low", "Abbey", "Mill", "Cove", "Zeal", "Aside", "Late", "Tool", "Gone",
    ]  # fmt: skip
    assert [row.state for row in heat.rows[-3:]] == [
        HeatState.NOT_SUBMITTED,
        HeatState.OWN_TOOL,
        HeatState.EXEMPT,
    ]
    assert [[cell and cell.grade for cell in row.cells] for row in heat.rows[2:4]] == [[1, 2], [1, 2]]
    assert [counts.as_json() for counts in heat.feet] == [
        {"0": 1, "1": 3, "2": 1},
        {"0": 1, "1": 1, "2": 3},
    ]
    assert [row.organisation for row in heat_map.own_tools] == ["Tool"]


def test_an_audit_without_the_series_is_a_row_that_says_so() -> None:
    world: World = make_world(0)
    heat_map = get_full_overview(world.cycle, Series.PANEL).heat_map
    assert heat_map is not None
    states = {row.state for variant in heat_map.variants for row in variant.rows}
    assert HeatState.NOT_IN_SERIES in states


def list_keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(list_keys(one) for one in value.values()))
    return set().union(*(list_keys(one) for one in value)) if isinstance(value, list) else set()


def test_every_key_and_column_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "overview.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`([a-z0-9_]+)`", page))
    values = {*Variant.values, *(f"{day:+d}" for day in MILESTONES), "A1", "A2", "A3"}
    keys = list_keys(full_as_json(get_full_overview(make_world(0).cycle)))
    assert keys | set(COLUMNS) <= explained | values


@pytest.mark.django_db(transaction=True)
def test_all_of_it_is_of_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Organisations submit while it is read: 49 would have a score of the 48 that had submitted a moment before."""
    database: Any = connection
    seen = []

    def look(cycle: Cycle) -> tuple[list[Cycle], list[Pin]]:
        with connection.cursor() as cursor:
            if database.vendor == "postgresql":
                cursor.execute("SHOW transaction_isolation")
                seen.append(cursor.fetchone())
            else:
                seen.append((database.in_atomic_block and database.transaction_mode,))
        return [], []

    monkeypatch.setattr("surveys.full_overview.get_offered", look)
    get_full_overview(make_year(None, 2026, factories.make_questionnaire()))
    assert seen == [("repeatable read" if database.vendor == "postgresql" else "DEFERRED",)]
