"""A timetable worked out in the background, once, and changed by hand: what is written holds every rule."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability import tasks, timetabling
from accountability.enums import AvailabilityAnswer, InterestKind, MeetingStatus, RunStatus
from accountability.models import Interest, Meeting, MeetingDay, Panel, PanelMember, Seat, TimetableRun
from accountability.models.timetables import TAKEN_UP_AFTER
from accountability.moves import Move, find_moves
from accountability.placing import Outdated, write_answer
from accountability.problems import build_problem
from accountability.scheduling import Placed, Status, Timetable, schedule
from accountability.scheduling.check import find_faults
from accountability.tasks import GIVEN_UP_AFTER, queue_lost, work_out
from accountability.timetabling import move_meeting, request_timetable, set_lock, take_off
from s11.web.errors import NotInThisState
from tests.accountability.rounds import (
    HALF_PAST_NINE,
    NINE,
    TEN,
    add_agency,
    add_day,
    hold,
    make_round,
    say_when,
    see,
    see_now,
)
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def panel(cast: Cast) -> Panel:
    """Three agencies for three slots."""
    return make_round(cast, agencies=3)


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.order_by("pk"))


def get_meeting(name: str) -> Meeting:
    return Meeting.objects.get(invitee__organisation__name=name)


def work_out_now(panel: Panel, cast: Cast) -> TimetableRun:
    run = TimetableRun.objects.create(panel=panel, seconds=5, asked_by=cast.quality_officer)
    work_out.enqueue(run.pk)
    run.refresh_from_db()
    return run


def read_plan(panel: Panel) -> dict[str, tuple[datetime.time | None, frozenset[int]]]:
    return {
        str(one.organisation): (one.starts_at, frozenset(seat.member_id for seat in one.seats.all()))
        for one in panel.meetings.select_related("invitee__organisation").prefetch_related("seats")
    }


def test_everybody_is_placed_and_the_rules_hold(cast: Cast, panel: Panel) -> None:
    run = work_out_now(panel, cast)
    assert (run.status, run.proof, run.problems) == (RunStatus.DONE, "optimal", "")
    assert (run.placed, run.unplaced, run.moved) == (3, 0, 0)
    assert run.started_at is not None
    assert run.finished_at is not None
    meetings = list(panel.meetings.all())
    assert sorted(one.starts_at for one in meetings if one.starts_at) == [NINE, HALF_PAST_NINE, TEN]
    for meeting in meetings:
        seats = list(meeting.seats.select_related("member"))
        assert len(seats) == 3
        assert [seat.member.may_chair for seat in seats if seat.is_chair] == [True]
        assert len({seat.member.sector for seat in seats}) >= 2


def test_again_nothing_moves(cast: Cast, panel: Panel) -> None:
    work_out_now(panel, cast)
    before, seats = read_plan(panel), set(Seat.objects.values_list("pk", "is_chair"))
    run = work_out_now(panel, cast)
    assert run.moved == 0
    assert read_plan(panel) == before
    assert set(Seat.objects.values_list("pk", "is_chair")) == seats


def test_only_what_must_move_moves(cast: Cast, panel: Panel) -> None:
    work_out_now(panel, cast)
    before = read_plan(panel)
    add_day(panel, 1, ends_at=TEN)
    for member in get_members(panel):
        say_when(member)
    [first, second] = panel.days.all()
    last = panel.meetings.get(starts_at=TEN)
    say_when(last, day=first, answer=AvailabilityAnswer.BUSY)
    run = work_out_now(panel, cast)
    assert run.moved == 1
    last.refresh_from_db()
    assert last.day == second
    after = read_plan(panel)
    assert all(after[name][0] == at for name, (at, _) in before.items() if name != str(last.organisation))


def test_two_that_change_places(cast: Cast, panel: Panel) -> None:
    """The database keeps one a slot: the swap goes through all the same."""
    members = get_members(panel)[:3]
    one, two = get_meeting("Agency 0"), get_meeting("Agency 1")
    hold(one, NINE, *members)
    hold(two, HALF_PAST_NINE, *members)
    built = build_problem(panel)
    names = tuple(built.members)[:3]
    timetable = Timetable(
        Status.OPTIMAL,
        placed=(
            Placed("Agency 0", 1, 0, names[0], names),
            Placed("Agency 1", 0, 0, names[0], names),
            Placed("Agency 2", 2, 0, names[0], names),
        ),
    )
    outcome = write_answer(built=built, timetable=timetable, now=timezone.now())
    assert (outcome.placed, outcome.moved) == (3, 2)
    assert [get_meeting(f"Agency {n}").starts_at for n in range(3)] == [HALF_PAST_NINE, NINE, TEN]


def test_what_has_no_place_says_why(cast: Cast, panel: Panel) -> None:
    low = add_agency(cast, panel, "Agency 3", priority=0)
    Meeting.objects.exclude(pk=low.pk).update(priority=5)
    run = work_out_now(panel, cast)
    assert (run.placed, run.unplaced) == (3, 1)
    low.refresh_from_db()
    assert not low.is_placed
    assert "Its places are held by meetings of equal or higher priority" in low.why_unplaced


def test_locks_that_break_rules_leave_all_as_it_was_and_are_named(cast: Cast, panel: Panel) -> None:
    meeting = get_meeting("Agency 1")
    hold(meeting, NINE, *get_members(panel)[:3])
    set_lock(meeting=meeting, is_locked=True, seen=see_now(meeting), by=cast.quality_officer)
    before = read_plan(panel)
    for member in get_members(panel):
        if member.may_chair:
            say_when(member, answer=AvailabilityAnswer.BUSY)
    run = work_out_now(panel, cast)
    assert (run.status, run.proof, run.placed) == (RunStatus.DONE, "infeasible", None)
    assert "Agency 1 is locked to" in run.problems
    assert "panel 1" in run.problems
    assert "track" not in run.problems
    assert read_plan(panel) == before


# While it is worked out -----------------------------------------------------------------------------------------------


def test_one_at_a_time(cast: Cast, panel: Panel) -> None:
    TimetableRun.objects.create(panel=panel)
    with pytest.raises(NotInThisState, match="being worked out already"):
        request_timetable(panel=panel, by=cast.quality_officer)
    assert TimetableRun.objects.count() == 1


def test_what_a_worker_left_is_queued_though_another_is_refused(
    cast: Cast, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    TimetableRun.objects.create(panel=panel)
    monkeypatch.setattr(timetabling, "queue_lost", lambda now: TimetableRun.objects.update(seconds=7))
    with pytest.raises(NotInThisState, match="worked out already"):
        request_timetable(panel=panel, by=cast.quality_officer)
    assert TimetableRun.objects.get().seconds == 7


def test_asked_for_and_done(
    cast: Cast, panel: Panel, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = request_timetable(panel=panel, seconds=5, by=cast.quality_officer)
    run.refresh_from_db()
    assert (run.status, run.asked_by) == (RunStatus.DONE, cast.quality_officer)


@pytest.fixture
def during(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """`during(change)` has it happen while the solver thinks."""

    def arrange(change: Callable[[], object]) -> None:
        def think(*args: Any, **kwargs: Any) -> Timetable:
            found = schedule(*args, **kwargs)
            change()
            return found

        monkeypatch.setattr(tasks, "schedule", think)

    return arrange


During = Callable[[Callable[[], object]], None]


def test_an_answer_that_would_break_a_rule_by_now_is_refused(
    cast: Cast, panel: Panel, during: During
) -> None:
    def change() -> None:
        for member in get_members(panel):
            if member.may_chair:
                say_when(member, answer=AvailabilityAnswer.BUSY)

    during(change)
    run = work_out_now(panel, cast)
    assert run.status == RunStatus.FAILED
    assert "it would break a rule now" in run.problems
    assert "slot" not in run.problems
    assert not panel.meetings.filter(day__isnull=False).exists()
    assert not Seat.objects.exists()


def test_an_interest_declared_meanwhile_is_respected(cast: Cast, panel: Panel, during: During) -> None:
    organisation = get_meeting("Agency 0").organisation
    during(
        lambda: Interest.objects.bulk_create(
            Interest(member=member, organisation=organisation, kind=InterestKind.FAMILY)
            for member in get_members(panel)
        )
    )
    run = work_out_now(panel, cast)
    assert run.status == RunStatus.FAILED
    assert "has a conflict of interest" in run.problems


def test_a_change_that_breaks_nothing_is_no_hindrance(cast: Cast, panel: Panel, during: During) -> None:
    during(lambda: Meeting.objects.update(priority=9))
    assert work_out_now(panel, cast).status == RunStatus.DONE


@pytest.mark.parametrize("what", ["called", "dropped", "day"])
def test_other_agencies_or_days_by_now(cast: Cast, panel: Panel, during: During, what: str) -> None:
    def change() -> None:
        if what == "called":
            add_agency(cast, panel, "Agency 9")
        elif what == "dropped":
            panel.meetings.filter(pk=get_meeting("Agency 0").pk).update(
                status=MeetingStatus.CANCELLED, cancel_reason="It merged"
            )
        else:
            MeetingDay.objects.update(minutes=45)

    during(change)
    run = work_out_now(panel, cast)
    assert run.status == RunStatus.FAILED
    assert "Nothing was changed: work it out again." in run.problems
    assert not Seat.objects.exists()


def test_killed_half_way_and_run_again_leaves_one_result(
    cast: Cast, panel: Panel, during: During, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    run = TimetableRun.objects.create(panel=panel, seconds=5)
    during(die)
    with pytest.raises(KeyboardInterrupt):
        work_out.call(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    monkeypatch.setattr(tasks, "schedule", schedule)
    # Still in another's hands, as far as anybody knows
    work_out.call(run.pk)
    assert not Seat.objects.exists()
    TimetableRun.objects.update(started_at=timezone.now() - TAKEN_UP_AFTER)
    assert queue_lost(timezone.now()) == 1
    run.refresh_from_db()
    assert (run.status, run.placed) == (RunStatus.DONE, 3)
    assert Seat.objects.count() == 9
    work_out.call(run.pk)
    assert Seat.objects.count() == 9


def test_who_comes_back_late_writes_nothing(cast: Cast, panel: Panel, during: During) -> None:
    """Another has taken the run up meanwhile."""
    run = TimetableRun.objects.create(panel=panel, seconds=5)
    during(lambda: TimetableRun.objects.update(started_at=timezone.now()))
    work_out.call(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    assert not Seat.objects.exists()


def test_nobody_waits_for_ever(cast: Cast, panel: Panel) -> None:
    TimetableRun.objects.create(panel=panel, asked_at=timezone.now() - GIVEN_UP_AFTER)
    assert queue_lost(timezone.now()) == 0
    run = TimetableRun.objects.get()
    assert run.status == RunStatus.FAILED
    assert "within an hour" in run.problems


def test_what_goes_wrong_is_said(
    cast: Cast, panel: Panel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Timetable:
        raise RuntimeError("The solver fell over")

    monkeypatch.setattr(tasks, "schedule", fail)
    run = work_out_now(panel, cast)
    assert (run.status, run.problems) == (RunStatus.FAILED, tasks.SAID_FAILED)
    assert "The solver fell over" in caplog.text


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_writing(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    panel = make_round(cast, agencies=number)
    built = build_problem(Panel.objects.select_related("cycle").get(pk=panel.pk))
    timetable = schedule(built.problem, seconds=5)
    with django_assert_num_queries(21):
        write_answer(built=built, timetable=timetable, now=timezone.now())


# By hand --------------------------------------------------------------------------------------------------------------


def find(panel: Panel, meeting: Meeting, starts_at: datetime.time, track: int = 0) -> Move:
    [found] = [one for one in find_moves(panel, meeting) if (one.starts_at, one.track) == (starts_at, track)]
    return found


def test_what_the_page_did_not_show_is_not_overridden(cast: Cast, panel: Panel) -> None:
    """A second tab, older than what was done in the first; and a panel that is another by now."""
    members = get_members(panel)
    meeting, other = get_meeting("Agency 0"), get_meeting("Agency 1")
    hold(meeting, NINE, *members[:3])
    [day] = panel.days.all()
    shown = see(meeting, TEN)
    known: dict[str, Any] = {"meeting": meeting, "by": cast.quality_officer}
    set_lock(is_locked=True, seen=shown["seen"], **known)
    is_now = r"Somebody changed this meanwhile\. It meets on .* at 09:00, Panel 1 now, locked, with "
    for verb in (
        lambda: move_meeting(day=day.pk, starts_at=TEN, track=0, is_locked=False, **shown, **known),
        lambda: set_lock(is_locked=False, seen=shown["seen"], **known),
        lambda: take_off(seen=shown["seen"], **known),
    ):
        with pytest.raises(NotInThisState, match=is_now):
            verb()
    # The meeting is as the page showed it, and who could sit at ten is not.
    shown = see(meeting, TEN)
    say_when(members[1], answer=AvailabilityAnswer.BUSY)
    with pytest.raises(NotInThisState, match=r"It would meet there with .*Hugh.* now"):
        move_meeting(day=day.pk, starts_at=TEN, track=0, is_locked=False, **shown, **known)
    shown = see(meeting, TEN)
    hold(other, TEN, *members[2:], members[0])
    with pytest.raises(NotInThisState, match="Agency 1 would lose its time"):
        move_meeting(day=day.pk, starts_at=TEN, track=0, is_locked=False, **shown, **known)
    assert get_meeting("Agency 0").starts_at == NINE


def test_moved_to_a_free_slot_with_the_same_people(cast: Cast, panel: Panel) -> None:
    members = get_members(panel)[1:]
    meeting = get_meeting("Agency 0")
    hold(meeting, NINE, members[1], members[0], members[2])
    [day] = panel.days.all()
    move = find(panel, meeting, TEN)
    assert (move.is_here, move.why, move.instead) == (False, "", None)
    assert find(panel, meeting, NINE).is_here
    move_meeting(
        meeting=meeting,
        day=day.pk,
        starts_at=TEN,
        track=0,
        is_locked=True,
        **see(meeting, TEN),
        by=cast.quality_officer,
    )
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.is_locked) == (TEN, True)
    assert {seat.member for seat in meeting.seats.all()} == set(members)
    assert meeting.seats.get(is_chair=True).member == members[1]
    as_it_stands = read_timetable(panel)
    assert not find_faults(build_problem(panel).problem, as_it_stands)


def read_timetable(panel: Panel) -> Timetable:
    """The plan as it stands, as an answer that can be checked; who has no time is left out of both."""
    panel.meetings.filter(day=None).delete()
    built = build_problem(panel)
    placed = [
        Placed(
            one.organisation,
            one.current.slot,
            one.current.track or 0,
            next(
                built.members[name].name
                for name in one.current.members
                if built.meetings[one.organisation].seats.filter(member=built.members[name], is_chair=True)
            ),
            one.current.members,
        )
        for one in built.problem.meetings
        if one.current
    ]
    return Timetable(Status.FEASIBLE, placed=tuple(placed))


def test_who_is_there_loses_their_time(cast: Cast, panel: Panel) -> None:
    members = get_members(panel)[:3]
    one, two = get_meeting("Agency 0"), get_meeting("Agency 1")
    hold(one, NINE, *members)
    hold(two, TEN, *members)
    [day] = panel.days.all()
    assert find(panel, one, TEN).instead_name == "Agency 1"
    move_meeting(
        meeting=one,
        day=day.pk,
        starts_at=TEN,
        track=0,
        is_locked=False,
        **see(one, TEN),
        by=cast.quality_officer,
    )
    two.refresh_from_db()
    assert not two.is_placed
    assert two.why_unplaced == "An officer gave its time to another agency."
    assert not two.seats.exists()
    set_lock(meeting=one, is_locked=True, seen=see_now(one), by=cast.quality_officer)
    assert find(panel, two, TEN).why == "Agency 0 is locked there."


def test_why_a_slot_is_impossible(cast: Cast) -> None:
    panel = make_round(cast, tracks=2, agencies=2)
    chair, second, holly, _ = get_members(panel)
    one, two = get_meeting("Agency 0"), get_meeting("Agency 1")
    hold(one, NINE, chair, second, holly)
    # Four people make no two panels of three.
    assert find(panel, two, NINE, track=1).why == ("Too few who could sit are left: they sit for Agency 0.")
    assert find(panel, two, NINE, track=0).instead == one
    say_when(two, answer=AvailabilityAnswer.BUSY)
    assert find(panel, two, TEN).why == "Agency 1 cannot come then."
    for member in (chair, holly):
        Interest.objects.create(member=member, organisation=one.organisation, kind=InterestKind.OTHER)
    assert "onflicts of interest with Agency 0" in find(panel, one, TEN).why


def test_what_is_not_possible_by_now_is_refused(cast: Cast, panel: Panel) -> None:
    meeting = get_meeting("Agency 0")
    [day] = panel.days.all()
    say_when(meeting, answer=AvailabilityAnswer.BUSY)
    for starts_at, why in (
        (NINE, "Agency 0 cannot come then."),
        (datetime.time(15), "There is no such time"),
    ):
        with pytest.raises(NotInThisState, match=why):
            move_meeting(
                meeting=meeting,
                day=day.pk,
                starts_at=starts_at,
                track=0,
                is_locked=False,
                seen=see_now(meeting),
                promised="",
                by=cast.quality_officer,
            )
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    with pytest.raises(NotInThisState, match="was held or dropped"):
        find_moves(panel, meeting)


def test_locked_unlocked_and_taken_off(cast: Cast, panel: Panel) -> None:
    meeting = get_meeting("Agency 0")
    with pytest.raises(NotInThisState, match="nothing to keep"):
        set_lock(meeting=meeting, is_locked=True, seen=see_now(meeting), by=cast.quality_officer)
    hold(meeting, NINE, *get_members(panel)[:3])
    set_lock(meeting=meeting, is_locked=True, seen=see_now(meeting), by=cast.quality_officer)
    assert get_meeting("Agency 0").is_locked
    set_lock(meeting=meeting, is_locked=False, seen=see_now(meeting), by=cast.quality_officer)
    assert not get_meeting("Agency 0").is_locked
    take_off(meeting=meeting, seen=see_now(meeting), by=cast.quality_officer)
    meeting = get_meeting("Agency 0")
    assert (meeting.is_placed, meeting.seats.exists()) == (False, False)
    assert meeting.why_unplaced == "An officer took it off the timetable."
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD)
    for verb in (take_off, lambda **known: set_lock(is_locked=True, **known)):
        with pytest.raises(NotInThisState, match="held by now"):
            verb(meeting=meeting, seen=see_now(meeting), by=cast.quality_officer)


def test_outdated_is_a_refusal_like_the_others() -> None:
    assert issubclass(Outdated, NotInThisState)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_moves(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int) -> None:
    panel = make_round(cast, agencies=number)
    panel = Panel.objects.select_related("cycle").get(pk=panel.pk)
    meeting = get_meeting("Agency 0")
    with django_assert_num_queries(15):
        assert len(find_moves(panel, meeting)) == 3
