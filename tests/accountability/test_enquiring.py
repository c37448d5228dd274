"""Lines of enquiry: suggested once a rule, edited, dropped for good, put in order; private ones are their author's."""

from __future__ import annotations

import datetime

import pytest
from auditlog.models import LogEntry
from django.contrib.admin import site
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enquiring import (
    GONE,
    add_line,
    change_line,
    drop_line,
    move_line,
    prepare_pack,
    renew_due,
    take_back_line,
)
from accountability.models import LineOfEnquiry, Meeting, Recommendation
from accountability.pack_tasks import prepare_round
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from tests.accountability.pack_world import PackWorld, ask_privately, make_pack_world, make_past, moderate
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


def list_lines(world: PackWorld) -> list[str]:
    return [one.rule or one.text for one in world.meeting.enquiries.filter(is_dropped=False)]


KEY = "key-a1-1"


def test_each_rule_suggests_once(world: PackWorld) -> None:
    new = prepare_pack(meeting=world.meeting)
    first = list_lines(world)
    assert new == len(first) > 2
    assert first[0].startswith("critical-zero:")
    line = world.meeting.enquiries.get(rule=first[0])
    assert line.indicator is not None
    assert line.indicator.code == "A1.1"
    world.meeting.refresh_from_db()
    assert world.meeting.pack_prepared_at is not None
    assert prepare_pack(meeting=world.meeting) == 0
    assert list_lines(world) == first


def test_what_was_dropped_stays_dropped_and_what_was_reworded_stays_so(world: PackWorld, cast: Cast) -> None:
    prepare_pack(meeting=world.meeting)
    first, second, *_ = world.meeting.enquiries.all()
    drop_line(line=first, by=cast.administrator)
    change_line(line=second, text=" In our words? ", reason="", by=cast.administrator)
    prepare_pack(meeting=world.meeting)
    assert first.rule not in list_lines(world)
    second.refresh_from_db()
    assert (second.text, second.by) == ("In our words?", cast.administrator)
    with pytest.raises(NotInThisState, match=GONE):
        change_line(line=first, text="Again?", reason="", by=cast.administrator)
    take_back_line(line=first, by=cast.administrator)
    assert list_lines(world)[-1] == first.rule
    with pytest.raises(NotInThisState, match="asked already"):
        take_back_line(line=first, by=cast.administrator)


def test_what_is_new_is_suggested_later(world: PackWorld, cast: Cast) -> None:
    prepare_pack(meeting=world.meeting)
    moderate(world, cast)
    make_past(world, cast)
    assert prepare_pack(meeting=world.meeting) == 2
    assert [rule.partition(":")[0] for rule in list_lines(world)[-2:]] == ["unanswered", "moderated"]


def test_what_is_settled_is_asked_no_more_and_figures_are_those_of_today(
    world: PackWorld, cast: Cast
) -> None:
    make_past(world, cast)
    prepare_pack(meeting=world.meeting)
    asked = next(rule for rule in list_lines(world) if rule.startswith("unanswered:"))
    reworded = world.meeting.enquiries.get(rule="unproven")
    before = world.meeting.enquiries.get(rule="no-action").reason
    change_line(line=reworded, text="What could you show us?", reason="", by=cast.administrator)
    Recommendation.objects.filter(response="").update(
        response="refusal", refusal="Not ours.", responded_at=timezone.now()
    )
    world.audit.answers.filter(indicator__code="A2.1").update(score=1, submitted_score=1)
    # By the clock, once a day.
    Meeting.objects.update(pack_prepared_at=timezone.now() - datetime.timedelta(days=2))
    renew_due(timezone.now())
    assert asked not in list_lines(world)
    assert world.meeting.enquiries.get(rule="no-action").reason != before
    # What somebody has written stands, whatever the rules say by now.
    assert "unproven" in list_lines(world)
    assert renew_due(timezone.now()) == 0


def test_order_is_of_what_everybody_reads(world: PackWorld, cast: Cast) -> None:
    lines = [add_line(meeting=world.meeting, text=text, by=cast.administrator) for text in ("One", "Two")]
    ask_privately(world.meeting, world.member, "Mine")
    lines.append(add_line(meeting=world.meeting, text="Three", by=cast.administrator))
    move_line(line=lines[2], earlier=True)
    assert [one for one in list_lines(world) if one != "Mine"] == ["One", "Three", "Two"]
    move_line(line=lines[0], earlier=True)
    move_line(line=lines[0], earlier=False)
    assert [one for one in list_lines(world) if one != "Mine"] == ["Three", "One", "Two"]


def test_a_private_question_that_is_dropped_is_gone(world: PackWorld, cast: Cast) -> None:
    line = add_line(meeting=world.meeting, text="Mine", is_private=True, by=cast.panel_member)
    change_line(line=line, text="Still mine", reason="", by=cast.panel_member)
    drop_line(line=line, by=cast.panel_member)
    assert not LineOfEnquiry.objects.exists()
    # Others read the trail of changes.
    trail = LogEntry.objects.get_for_model(LineOfEnquiry)
    assert not trail.exists()
    shared = add_line(meeting=world.meeting, text="Ours", by=cast.administrator)
    assert trail.all().get().object_pk == str(shared.pk)


def test_operators_do_not_see_private_questions(
    world: PackWorld, cast: Cast, rf: RequestFactory, admin_user: User
) -> None:
    request = rf.get("/")
    request.user = admin_user
    add_line(meeting=world.meeting, text="Mine", is_private=True, by=cast.panel_member)
    shared = add_line(meeting=world.meeting, text="Ours", by=cast.administrator)
    seen = site.get_model_admin(LineOfEnquiry).get_queryset(request)
    assert list(seen) == [shared]


def test_a_whole_round_is_prepared(world: PackWorld) -> None:
    prepare_round.call(world.panel.pk)
    prepare_round.call(world.panel.pk)
    assert world.panel.meetings.filter(pack_prepared_at__isnull=False).count() == 2
    rules = list(LineOfEnquiry.objects.values_list("meeting", "rule"))
    assert len(rules) == len(set(rules)) > 0


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_preparing(
    world: PackWorld, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        make_more(world, cast)
    with django_assert_num_queries(41):
        prepare_pack(meeting=type(world.meeting).objects.with_place().get(pk=world.meeting.pk))


def make_more(world: PackWorld, cast: Cast) -> None:
    add_line(meeting=world.meeting, text="More", by=cast.administrator)
