"""Where an import goes: the partnership and the cycle that it makes, and those that are there."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine

from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Cycle, Questionnaire
from tests import factories
from tests.surveys.import_files import make_answers, make_organisations, refuse, run

pytestmark = pytest.mark.django_db
ROW = "Anchor Trust,standard,yes,,"
NEW = {"cycle": "2017", "closes": "2016-10-17", "title": "Section 11 2017"}


@pytest.fixture
def banks() -> None:
    for variant in Variant:
        factories.make_questionnaire(variant, edition="2025-26")
        factories.make_questionnaire(variant)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_organisations(tmp_path, ROW)


def get_cycle(slug: str = "2017") -> Cycle:
    return Cycle.objects.get(partnership__slug="harbour", slug=slug)


def test_a_new_partnership_takes_its_slug_as_its_name(path: Path) -> None:
    run("import_organisations", path)
    assert Partnership.objects.get().name == Partnership.objects.get().slug == "harbour"


def test_one_that_is_there_stays_as_it_is(path: Path) -> None:
    partnership = factories.make_partnership("Harbour area", slug="harbour")
    run("import_organisations", path)
    assert Partnership.objects.get() == partnership
    assert Partnership.objects.get().name == "Harbour area"
    assert partnership.participations.count() == 1


def test_a_new_cycle_is_open_even_after_its_closing_day(path: Path, banks: None) -> None:
    run("import_organisations", path, **NEW)
    cycle = get_cycle()
    assert (cycle.title, cycle.kind, cycle.status) == ("Section 11 2017", CycleKind.FULL, CycleStatus.OPEN)
    assert cycle.opens_on == cycle.closes_on == datetime.date(2016, 10, 17)
    assert cycle.opened_at is not None


# Half past eleven at night in UTC is the next day in England in summer.
@time_machine.travel("2026-06-30T23:30:00+00:00")
def test_a_cycle_that_closes_later_opens_today_in_england(path: Path, banks: None) -> None:
    run("import_organisations", path, cycle="2027", closes="2027-03-31", title="Audit 2027")
    cycle = get_cycle("2027")
    assert (cycle.opens_on, cycle.closes_on) == (datetime.date(2026, 7, 1), datetime.date(2027, 3, 31))


@time_machine.travel("2026-06-30T23:30:00+00:00")
def test_a_cycle_that_closed_yesterday_opened_on_that_day(path: Path, banks: None) -> None:
    run("import_organisations", path, cycle="2027", closes="2026-06-30", title="Audit 2027")
    assert get_cycle("2027").opens_on == datetime.date(2026, 6, 30)


def test_it_asks_all_variants_in_their_newest_editions(path: Path, banks: None) -> None:
    newest = factories.make_questionnaire(Variant.SCHOOL, revision=2)
    run("import_organisations", path, **NEW)
    pinned = {one.variant: one.questionnaire for one in get_cycle().cycle_questionnaires.all()}
    assert set(pinned) == set(Variant)
    assert {one.edition for one in pinned.values()} == {"2026-27"}
    assert pinned[Variant.SCHOOL] == newest


def test_a_bank_of_its_own_outranks_the_shared_one_and_anothers_is_not_seen(path: Path, banks: None) -> None:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    own = factories.make_questionnaire(Variant.HEALTH, edition="2025-26", partnership=partnership)
    factories.make_questionnaire(Variant.STANDARD, edition="2027-28", partnership=elsewhere)
    run("import_organisations", path, **NEW)
    pinned = {one.variant: one.questionnaire for one in get_cycle().cycle_questionnaires.all()}
    assert pinned[Variant.HEALTH] == own
    assert pinned[Variant.STANDARD] == Questionnaire.objects.get(
        variant=Variant.STANDARD, edition="2026-27", partnership=None
    )


def test_without_question_banks(path: Path) -> None:
    assert "run load_questionnaires first" in refuse("import_organisations", path, **NEW)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cycle": "2017"}, "There is no cycle 2017 in harbour yet: give its --closes DATE and --title TEXT"),
        ({"cycle": "2017", "closes": "2016-10-17"}, "There is no cycle 2017 in harbour yet"),
        ({"cycle": "2017", "title": "Audit"}, "There is no cycle 2017 in harbour yet"),
        ({"cycle": "2017", "closes": "2016-10-17", "title": "  "}, "There is no cycle 2017 in harbour yet"),
        ({**NEW, "title": "a" * 201}, "--title has 201 characters"),
        ({**NEW, "closes": "17/10/2016"}, '--closes is "17/10/2016": write a day as year-month-day'),
        ({**NEW, "closes": "2016-02-30"}, '--closes is "2016-02-30"'),
        ({**NEW, "closes": "20161017"}, '--closes is "20161017"'),
        ({**NEW, "closes": "2016-10-17T12:00"}, '--closes is "2016-10-17T12:00"'),
        ({**NEW, "cycle": "20 17"}, '--cycle is "20 17": use letters, digits and hyphens only'),
        ({**NEW, "cycle": "a" * 61}, "--cycle has 61 characters: use at most 60"),
        ({**NEW, "cycle": "new"}, "--cycle is new, which is the address of the page"),
        ({**NEW, "partnership": "Har bour"}, '--partnership is "Har bour": use letters'),
        ({**NEW, "partnership": "h" * 61}, "--partnership has 61 characters"),
        ({"closes": "2016-10-17"}, "--closes and --title are a cycle's: give its --cycle SLUG as well."),
        ({"title": "Audit"}, "--closes and --title are a cycle's"),
    ],
)
def test_options_that_are_refused(path: Path, banks: None, options: dict[str, str], said: str) -> None:
    assert said in refuse("import_organisations", path, **options)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"closes": "2016-10-17"},
        {"title": "Section 11 2017"},
        {"closes": "2016-10-17", "title": NEW["title"]},
    ],
)
def test_the_same_again_is_accepted(path: Path, banks: None, options: dict[str, str]) -> None:
    run("import_organisations", path, **NEW)
    assert "Nothing changed." in run("import_organisations", path, cycle="2017", **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"closes": "2016-10-18"},
            "--closes is 2016-10-18 and 2017 closes on 2016-10-17: leave --closes out",
        ),
        (
            {"title": "Section 11"},
            '--title is "Section 11" and 2017 is called "Section 11 2017": leave --title out',
        ),
    ],
)
def test_another_is_refused(
    path: Path, tmp_path: Path, banks: None, options: dict[str, str], said: str
) -> None:
    run("import_organisations", path, **NEW)
    assert said in refuse("import_organisations", path, cycle="2017", **options)
    answers = make_answers(tmp_path, "Anchor Trust,,A1.1,2,,")
    assert said in refuse("import_answers", answers, cycle="2017", **options)


def test_the_same_slug_in_another_partnership_is_another_cycle(path: Path, banks: None) -> None:
    run("import_organisations", path, partnership="moorland", **NEW)
    run("import_organisations", path, cycle="2017", closes="2018-01-31", title="Ours")
    assert Cycle.objects.count() == 2


def test_a_closed_cycle_takes_no_more(path: Path, tmp_path: Path, banks: None) -> None:
    run("import_organisations", path, **NEW)
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=datetime.datetime.now(datetime.UTC))
    said = "The cycle 2017 is closed, so nothing can be imported into it any more."
    assert said in refuse("import_organisations", path, cycle="2017")
    answers = make_answers(tmp_path, "Anchor Trust,,A1.1,2,,")
    assert said in refuse("import_answers", answers, cycle="2017")


def test_a_planned_cycle_takes_organisations_but_no_answers_yet(
    path: Path, tmp_path: Path, banks: None
) -> None:
    run("import_organisations", path, **NEW)
    Cycle.objects.update(status=CycleStatus.PLANNED)
    more = make_organisations(tmp_path, ROW, "Beacon Homes,care_home,no,,")
    assert "1 invited to 2017, 1 invited before." in run("import_organisations", more, cycle="2017")
    answers = make_answers(tmp_path, "Anchor Trust,,A1.1,2,,")
    assert "is not open yet: open it before" in refuse("import_answers", answers, cycle="2017")


def test_answers_need_the_options_of_a_new_cycle_too(tmp_path: Path, banks: None) -> None:
    """Nobody is invited to a cycle that is made this moment, so its rows are refused, and the cycle is not made."""
    answers = make_answers(tmp_path, "Anchor Trust,,A1.1,2,,")
    assert "give its --closes DATE" in refuse("import_answers", answers, cycle="2017")
    said = refuse("import_answers", answers, **NEW)
    assert 'line 2, organisation: "Anchor Trust" is no organisation of harbour' in said
    factories.make_organisation("Anchor Trust", partnership=factories.make_partnership("H", slug="harbour"))
    said = refuse("import_answers", answers, **NEW)
    assert 'line 2, organisation: "Anchor Trust" is not invited to 2017' in said
