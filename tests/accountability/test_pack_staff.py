"""What staff say in a pack: beside what leaders say, with a question where it is less; and nothing too early."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accountability.enquiring import prepare_pack
from accountability.models import LineOfEnquiry, Meeting
from accountability.pack_files import list_parts
from accountability.packs import Pack, View, get_pack
from s11.organisations.models import User
from surveys.surveying import close_survey
from tests.accountability.pack_world import PackWorld, make_pack_world
from tests.accountability.staff import ask_staff
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
PART = ("staff", "Leaders say, staff say")
SAYS = "0.83 (1 yes, 3 partly, 2 no, 0 do not know)"
AGENCY = View(for_agency=True)


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


def get(world: PackWorld, view: View | None = None) -> Pack:
    return get_pack(Meeting.objects.with_place().get(pk=world.meeting.pk), view or View())


def get_lines(pack: Pack) -> list[tuple[str, str, bool]]:
    assert pack.submitted is not None
    return [
        (row.indicator.code, line.result.words, line.result.is_below(row.own))
        for row, line in pack.submitted.beside_staff
    ]


@pytest.mark.parametrize("view", [View(), AGENCY], ids=["panel", "agency"])
def test_leaders_say_staff_say(world: PackWorld, cast: Cast, view: View) -> None:
    ask_staff(world, cast)
    pack = get(world, view)
    assert PART in list_parts(pack)
    assert get_lines(pack) == [
        # Leaders say 0, 2 and 2.
        ("A1.1", "0 yes, 0 partly, 6 no, 0 do not know", False),
        ("A1.2", "1 yes, 3 partly, 2 no, 0 do not know", True),
        ("A2.1", "6 yes, 0 partly, 0 no, 0 do not know", False),
    ]


def test_nothing_while_staff_answer(world: PackWorld, cast: Cast) -> None:
    survey = ask_staff(world, cast, is_over=False)
    assert get_lines(get(world)) == []
    assert PART not in list_parts(get(world))
    prepare_pack(meeting=world.meeting)
    assert not LineOfEnquiry.objects.filter(rule__startswith="staff:").exists()
    close_survey(survey=survey, by=cast.lead)
    prepare_pack(meeting=world.meeting)
    line = LineOfEnquiry.objects.get(rule__startswith="staff:")
    assert line.text == "Your staff see A1.2 less well in place than you do. What do you make of that?"
    assert line.reason == (
        f"You scored A1.2 2; your staff’s answers come to {SAYS}, where yes counts 2, partly 1 and no 0"
    )
    assert line.indicator is not None
    assert line.indicator.code == "A1.2"


def test_the_page_and_the_reason_to_look(world: PackWorld, cast: Cast, sign_in: SignIn) -> None:
    ask_staff(world, cast)
    panel = sign_in(cast.panel_member).get("/p/harbour/desk/meetings/2026/anchor/pack/").content.decode()
    own = sign_in(cast.lead).get("/p/harbour/o/anchor/meetings/2026/pack/").content.decode()
    for page in (panel, own):
        assert SAYS in page
        assert page.count("Staff say less</strong>") == 1
    # What caught a moderator's eye is the panel's.
    assert "Staff say less than leaders on 1 indicator" in panel
    assert "Staff say less than leaders on" not in own


@pytest.mark.parametrize("statements", [1, 3])
def test_as_many_queries_for_three_statements_as_for_one(
    world: PackWorld, cast: Cast, statements: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask_staff(world, cast, statements=statements)
    meeting = Meeting.objects.with_place().get(pk=world.meeting.pk)
    with django_assert_num_queries(32):
        get_pack(meeting, View(cast.panel_member))
