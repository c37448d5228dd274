"""Scores before a panel: what to look at first, what a proposal would change, agreeing; then recommendations."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accountability.holding import NotInThisState, agree_score, propose_score, withdraw_score
from accountability.judging import Judged, make_judged_scorecard, say_effect
from accountability.meeting_scores import get_scores
from accountability.models import GoodPractice, Meeting, Recommendation, ScoreProposal
from accountability.recommending import make_digest, recommend, reword_recommendation
from accountability.running_order import make_turns, say_where
from s11.organisations.models import User
from surveys.enums import AuditStatus
from surveys.models import Audit
from surveys.moderating import moderate_answer
from surveys.scoring import NOT_APPLICABLE, Item
from tests import factories
from tests.accountability.factories import make_day, make_meeting, make_officer_member, make_panel, seat
from tests.conftest import Cast
from tests.ground import grounded

AsPerson = Callable[[User], Client]
ITEMS = st.sampled_from([0, 1, 2, NOT_APPLICABLE])


@grounded
def meeting(cast: Cast) -> Meeting:
    """A critical 0, a 2 that a moderator lowered, a 1 and another 2; the cast's chair and panel member sit."""
    questionnaire = factories.make_questionnaire(standards={"A1": 2, "A2": 2})
    cycle = factories.make_cycle(cast.partnership, questionnaires=(questionnaire,))
    audit = factories.make_audit(
        cycle,
        cast.organisation,
        scores={"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": 2},
        status=AuditStatus.SUBMITTED,
    )
    moderate_answer(
        answer=audit.answers.get(indicator__code="A2.2"),
        seen=0,
        score=1,
        reason="Out of date.",
        by=cast.quality_officer,
    )
    panel = make_panel(cycle)
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel), told_at=timezone.now())
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    seat(meeting, chair, make_officer_member(panel, cast.panel_member))
    return meeting


def to(name: str, **more: object) -> str:
    place = {"partnership": "harbour", "cycle": "2026", "organisation": "anchor"}
    return reverse(f"accountability:{name}", kwargs=place | more)


def propose(meeting: Meeting, code: str, score: int, by: User) -> ScoreProposal:
    answer = Audit.objects.get(invitee=meeting.invitee).answers.get(indicator__code=code)
    return propose_score(meeting=meeting, answer=answer, score=score, justification="Seen.", by=by)


# The arithmetic -------------------------------------------------------------------------------------------------------


@given(st.lists(ITEMS, min_size=1, max_size=8), st.integers(0, 7), ITEMS)
def test_one_change_is_the_sum_without_it_and_with_it(items: list[Item], place: int, to_item: Item) -> None:
    """Against the long way: the mean of the list with that one put in."""
    place %= len(items)
    rows = [Judged(str(number), "A1", item) for number, item in enumerate(items)]
    changed = [to_item if number == place else item for number, item in enumerate(items)]
    scored = [one for one in changed if isinstance(one, int)]
    card = make_judged_scorecard(rows, {str(place): to_item})
    assert card.whole.mean == (Fraction(sum(scored), len(scored)) if scored else None)
    assert card.standards["A1"] == card.whole


def test_what_it_changes_in_words() -> None:
    rows = [Judged("a", "A1", 2), Judged("b", "A1", 1), Judged("c", "A2", 2)]
    before = make_judged_scorecard(rows, {})
    assert (
        say_effect(before, make_judged_scorecard(rows, {"a": 0}), "A1")
        == "A1 from grade 2 (mean 1.50) to grade 1 (mean 0.50); overall from grade 2 (mean 1.67) to grade 1 (mean 1.00)"
    )
    assert "overall stays at grade 2 (mean 2.00)" in say_effect(
        before, make_judged_scorecard(rows, {"b": NOT_APPLICABLE}), "A1"
    )
    alone = [Judged("a", "A1", 2)]
    none = make_judged_scorecard(alone, {"a": NOT_APPLICABLE})
    assert say_effect(make_judged_scorecard(alone, {}), none, "A1").startswith(
        "A1 from grade 2 (mean 2.00) to no grade"
    )


BEGAN = datetime.datetime(2027, 3, 3, 9, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("minute", "said"),
    [
        (-1, "Not begun yet"),
        (0, "Item 1 of 3, 10 minutes left of it and 30 of the meeting"),
        (9.5, "Item 1 of 3, 1 minute left of it and 21 of the meeting"),
        (10, "Item 2 of 3, 15 minutes left of it and 20 of the meeting"),
        (26, "Item 3 of 3, 4 minutes left"),
        (30, "Item 3 of 3: the time is up"),
        (30.5, "Item 3 of 3: the time is up"),
        (33, "Item 3 of 3: 3 minutes over time"),
    ],
)
def test_where_it_is(minute: float, said: str) -> None:
    now = BEGAN + datetime.timedelta(minutes=minute)
    assert say_where(make_turns([10, 15, 5], BEGAN, now), now) == said


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(0, 600))
def test_one_item_at_a_time_each_after_the_other(minutes: list[int], at: int) -> None:
    turns = make_turns(minutes, BEGAN, BEGAN + datetime.timedelta(minutes=at))
    assert sum(turn.is_now for turn in turns) == 1
    assert all(one.ends_at == other.starts_at for one, other in pairwise(turns))
    assert turns[-1].ends_at - BEGAN == datetime.timedelta(minutes=sum(minutes))
    assert not any(turn.is_now for turn in make_turns(minutes, BEGAN))


# The pages ------------------------------------------------------------------------------------------------------------


def test_the_most_concerning_come_first(meeting: Meeting) -> None:
    scores = get_scores(meeting)
    assert scores is not None
    assert [(row.code, row.concerns) for row in scores.first] == [
        ("A1.1", ["Critical, scored 0"]),
        ("A2.1", ["2 without evidence"]),
        ("A2.2", ["2 without evidence", "Moderated from 2 to 1"]),
    ]
    assert [row.code for row in scores.others] == ["A1.2"]


def test_a_proposal_says_what_it_would_change(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_member)
    page = client.get(to("meeting_score", indicator="A2.2")).content.decode()
    # From the moderated score, not the agency's: A2 holds 2 and 1.
    assert "A2 from grade 2 (mean 1.50) to grade 1 (mean 1.00)" in page
    assert "Out of date." in page
    assert (
        "Enter what shows it"
        in client.post(to("meeting_score", indicator="A2.2"), {"score": "0"}).content.decode()
    )
    # What stands already is no other score.
    same = {"score": "1", "justification": "x"}
    assert "Select a score" in client.post(to("meeting_score", indicator="A2.2"), same).content.decode()
    assert not ScoreProposal.objects.exists()
    response = client.post(
        to("meeting_score", indicator="A2.2"), {"score": "0", "justification": "None shown."}
    )
    assert response["Location"] == to("meeting_scores")
    assert "None shown." in client.get(to("meeting_scores")).content.decode()
    assert client.get(to("meeting_score", indicator="Z9")).status_code == 404


def test_the_chair_agrees_and_the_grades_follow(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    proposal = propose(meeting, "A2.1", 0, cast.panel_member)
    before = get_scores(meeting)
    assert before is not None
    assert [(line.name, line.agreed.grade, line.proposed.grade) for line in before.list_grades()] == [
        ("A1 Standard A1", "Grade 1", "Grade 1"),
        ("A2 Standard A2", "Grade 2", "Grade 1"),
        ("All standards", "Grade 1", "Grade 1"),
    ]
    assert (
        sign_in(cast.administrator).post(to("meeting_score_agree", proposal=proposal.pk)).status_code == 403
    )
    sign_in(cast.panel_chair).post(to("meeting_score_agree", proposal=proposal.pk))
    after = get_scores(meeting)
    assert after is not None
    assert after.list_grades()[1].agreed.grade == "Grade 1"
    assert after.list_grades()[1].moderated.grade == "Grade 2"
    withdraw_score(proposal=proposal, by=cast.panel_chair)
    with pytest.raises(NotInThisState, match="withdrawn by now"):
        agree_score(proposal=proposal, by=cast.panel_chair)


def test_not_applicable_is_a_proposal_too(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_chair)
    client.post(to("meeting_score", indicator="A1.2"), {"score": "na", "justification": "They run none."})
    proposal = ScoreProposal.objects.get()
    assert (proposal.score, proposal.is_not_applicable) == (None, True)
    client.post(to("meeting_score_agree", proposal=proposal.pk))
    assert "Agreed" in client.get(to("meeting_scores")).content.decode()


def test_what_was_said_of_an_earlier_submission_can_be_withdrawn(
    meeting: Meeting, cast: Cast, sign_in: AsPerson
) -> None:
    """Else it would keep the minutes from being final for ever."""
    agreed, open_one = (
        propose(meeting, "A2.1", 1, cast.panel_chair),
        propose(meeting, "A1.2", 2, cast.panel_chair),
    )
    agree_score(proposal=agreed, by=cast.panel_chair)
    Audit.objects.filter(invitee=meeting.invitee).update(submission=2)
    chair = sign_in(cast.panel_chair)
    page = chair.get(to("meeting_scores")).text
    assert "About what was submitted before" in page
    for one in (agreed, open_one):
        address = to("meeting_score_withdraw", proposal=one.pk)
        assert address in page
        chair.post(address)
    assert set(ScoreProposal.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert "About what was submitted before" not in chair.get(to("meeting_scores")).text


def test_without_an_audit_there_is_nothing_to_judge(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    make_meeting(meeting.panel, cast.other_organisation)
    page = sign_in(cast.administrator).get(to("meeting_scores", organisation="beacon")).content.decode()
    assert "nothing to judge" in page


def test_what_is_sent_twice_is_there_once(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    """On a weak connection a button is pressed again."""
    chair = sign_in(cast.panel_chair)
    for _ in range(2):
        chair.post(to("meeting_agreed"), {"text": "Train the new staff."})
        chair.post(to("meeting_practice"), {"good-practice": "A log of every visit."})
        propose(meeting, "A2.1", 1, cast.panel_chair)
    assert (meeting.recommendations.count(), meeting.good_practices.count()) == (1, 1)
    assert meeting.proposals.count() == 1


def test_a_recommendation_that_two_reword_keeps_both_their_words(
    meeting: Meeting, cast: Cast, sign_in: AsPerson
) -> None:
    made = recommend(meeting=meeting, text="Train staff.", by=cast.panel_chair)
    seen = make_digest(made)
    member = sign_in(cast.panel_member)
    address = to("meeting_recommendation", number=1)
    assert seen in member.get(address).text
    reword_recommendation(
        recommendation=made, text="Train all staff.", due_on=None, seen=seen, by=cast.panel_chair
    )
    page = member.post(address, {"text": "Train new staff.", "seen": seen}).text
    assert "Train all staff." in page
    assert "Train new staff." in page
    assert meeting.recommendations.get().text == "Train all staff."
    made.refresh_from_db()
    assert member.post(address, {"text": "Train new staff.", "seen": make_digest(made)}).status_code == 302
    assert meeting.recommendations.get().text == "Train new staff."


def test_good_practice_is_taken_back(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    """It may name a child."""
    chair = sign_in(cast.panel_chair)
    chair.post(to("meeting_practice"), {"good-practice": "What Tom made."})
    address = to("meeting_practice_drop", practice=meeting.good_practices.get().pk)
    assert address in chair.get(to("meeting_agreed")).text
    chair.post(address)
    assert not meeting.good_practices.exists()


def test_recommendations_and_good_practice(meeting: Meeting, cast: Cast, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_member)
    assert (
        "Enter what the panel recommends" in client.post(to("meeting_agreed"), {"text": ""}).content.decode()
    )
    indicator = Audit.objects.get().questionnaire.indicators.get(code="A1.1")
    day = timezone.localdate() + datetime.timedelta(days=60)
    date = {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}
    client.post(to("meeting_agreed"), {"text": "Train all.", "indicator": indicator.pk, **date})
    found = Recommendation.objects.get()
    assert (found.number, found.indicator, found.theme, found.due_on) == (1, indicator, indicator.theme, day)
    late = {"due_on_day": 1, "due_on_month": 1, "due_on_year": 2020}
    assert (
        "must be today or later" in client.post(to("meeting_agreed"), {"text": "x", **late}).content.decode()
    )
    words = {"text": "Train everybody.", "seen": make_digest(found), **date}
    client.post(to("meeting_recommendation", number=1), words)
    assert "Train everybody." in client.get(to("meeting")).content.decode()
    client.post(to("meeting_practice"), {"good-practice": "Their film."})
    assert GoodPractice.objects.get().text == "Their film."
    page = client.get(to("meeting_agreed")).content.decode()
    assert "The agency has not said yet" in page
    client.post(to("meeting_recommendation_withdraw", number=1))
    assert not Recommendation.objects.exists()
    # Who reads sees both and changes neither.
    reader = sign_in(cast.scrutineer)
    assert "Add the recommendation" not in reader.get(to("meeting_agreed")).content.decode()
    assert reader.post(to("meeting_agreed"), {"text": "x"}).status_code == 403
