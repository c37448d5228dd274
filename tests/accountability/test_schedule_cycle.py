"""`schedule_meetings --partnership SLUG --cycle SLUG`: plans what the desk plans, and says what it did."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accountability.enums import AvailabilityAnswer
from accountability.models import Meeting, Panel, TimetableRun
from surveys.models import Message
from tests import factories
from tests.accountability.rounds import NINE, hold, make_round, say_when
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def panel(cast: Cast) -> Panel:
    return make_round(cast, agencies=3)


def run(**options: Any) -> str:
    out = StringIO()
    given = {"partnership": "harbour", "cycle": "2026", "seconds": "5", **options}
    call_command("schedule_meetings", stdout=out, **given)
    return out.getvalue()


def test_planned_and_said(cast: Cast, panel: Panel) -> None:
    last = panel.meetings.latest("pk")
    say_when(last, answer=AvailabilityAnswer.BUSY)
    said = run().splitlines()
    assert said[0].startswith(
        "No better timetable is possible: none has a time for agencies that matter more. 2 of 3 agencies"
    )
    assert said[1:] == [
        "- Agency 2: Agency 2 can make none of the times.",
        "Nobody is told before you release it on the desk.",
    ]
    assert panel.meetings.filter(day__isnull=False).count() == 2
    assert not Message.objects.exists()


def test_dry(cast: Cast, panel: Panel) -> None:
    said = run(dry_run=True).splitlines()
    assert said[0] == "Optimal: placed 3 of 3 meetings."
    assert "at 09:00, panel 1, " in said[1]
    assert said[-1] == "Nothing was written."
    assert not panel.meetings.filter(day__isnull=False).exists()
    assert not TimetableRun.objects.exists()


def test_locks_that_break_rules_are_an_answer(cast: Cast, panel: Panel) -> None:
    meeting = panel.meetings.earliest("pk")
    hold(meeting, NINE)
    Meeting.objects.filter(pk=meeting.pk).update(is_locked=True)
    for member in panel.members.all():
        say_when(member, answer=AvailabilityAnswer.BUSY)
    said = run()
    assert "Nothing was changed, for locked meetings break rules:" in said
    assert "Agency 0 is locked to" in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"partnership": "nowhere"}, "There is no partnership ‘nowhere’"),
        ({"cycle": "1999"}, "1999"),
        ({"cycle": None}, "Give both --partnership SLUG and --cycle SLUG."),
        ({"partnership": None}, "Give both --partnership SLUG and --cycle SLUG."),
        ({"problem": "x.json"}, "not both"),
        ({"seconds": "0"}, "is not a time"),
        (
            {"partnership": None, "cycle": None, "problem": "x", "output": "y", "dry_run": True},
            "--dry-run is for a cycle",
        ),
    ],
)
def test_what_it_cannot_do(cast: Cast, panel: Panel, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(**options)
    assert not TimetableRun.objects.exists()


def test_a_cycle_without_meetings(cast: Cast) -> None:
    factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    with pytest.raises(CommandError, match="has no meetings: set them up"):
        run()


def test_one_at_a_time(cast: Cast, panel: Panel) -> None:
    TimetableRun.objects.create(panel=panel)
    with pytest.raises(CommandError, match="being worked out already"):
        run()
