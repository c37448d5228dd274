"""What a pack holds, for the panel and for the agency; fixed queries; and that it tells nobody more than it should."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.models import LineOfEnquiry, Meeting, Recommendation
from accountability.packs import Pack, View, get_pack, suggest_for
from s11.web.dates import date
from surveys.enums import AuditStatus
from surveys.models import Audit, Invitee
from tests import factories
from tests.accountability.factories import make_interest
from tests.accountability.pack_world import (
    WHY,
    PackWorld,
    add_sector,
    ask_privately,
    make_pack_world,
    make_past,
    moderate,
)
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


def get(world: PackWorld, view: View | None = None) -> Pack:
    return get_pack(Meeting.objects.with_place().get(pk=world.meeting.pk), view or View())


AGENCY = View(for_agency=True)


def test_scores_beside_last_year_s(world: PackWorld) -> None:
    sent = get(world).submitted
    assert sent is not None
    rows = {row.indicator.code: (row.own_words, row.moderated_words, row.before_words) for row in sent.rows}
    assert rows == {
        "A1.1": ("0", None, "2"),
        "A1.2": ("2", None, "1"),
        "A2.1": ("2", None, "0"),
        "A2.2": ("n/a", None, "2"),
    }
    lines = [
        (row.name, row.own.mean, row.moderated, row.before.mean if row.before else "")
        for row in sent.standards
    ]
    assert lines == [
        ("A1 Standard A1", "1.00", None, "1.50"),
        ("A2 Standard A2", "2.00", None, "1.00"),
        ("All standards", "1.33", None, "1.25"),
    ]
    assert sent.extent == "All 4 indicators"
    assert str(sent.last_cycle) == "Audit 2025"


def test_zeros_evidence_and_what_rose(world: PackWorld) -> None:
    sent = get(world).submitted
    assert sent is not None
    assert [row.indicator.code for row in sent.zeros] == ["A1.1"]
    assert [row.indicator.code for row in sent.unproven] == ["A2.1"]
    assert [row.indicator.code for row in sent.improved] == ["A1.2"]


def test_a_moderated_score_with_its_reason(world: PackWorld, cast: Cast) -> None:
    moderate(world, cast)
    sent = get(world).submitted
    assert sent is not None
    (changed,) = sent.changed
    assert (changed.own_words, changed.moderated_words) == ("2", "1")
    assert changed.moderation is not None
    assert changed.moderation.reason == WHY
    assert [row.moderated.mean for row in sent.standards if row.moderated] == ["1.00", "1.00", "1.00"]


def test_open_moderation_is_the_panel_s_alone(world: PackWorld, cast: Cast) -> None:
    moderate(world, cast, close=False)
    panel, agency = get(world).submitted, get(world, AGENCY).submitted
    assert panel is not None
    assert agency is not None
    assert (panel.is_moderated, panel.is_final, len(panel.changed)) == (True, False, 1)
    assert (agency.is_moderated, agency.is_final, agency.changed) == (False, False, [])
    assert all(row.moderation is None for row in agency.rows)
    # What counts is not moderated yet, so nothing is asked about it.
    assert not [one for one in suggest_for(world.meeting) if one.rule.startswith("moderated:")]


def test_closed_moderation_is_the_agency_s_too(world: PackWorld, cast: Cast) -> None:
    moderate(world, cast)
    agency = get(world, AGENCY).submitted
    assert agency is not None
    assert [row.moderation.reason for row in agency.changed if row.moderation] == [WHY]
    assert [one.rule for one in suggest_for(world.meeting) if one.rule.startswith("moderated:")]


@pytest.mark.parametrize(
    ("others", "panel", "agency"), [(0, False, False), (3, True, False), (4, True, True)]
)
def test_the_agency_sees_a_sector_of_five(
    world: PackWorld, cast: Cast, others: int, panel: bool, agency: bool
) -> None:
    add_sector(world, cast, others)
    for view, shown in ((View(), panel), (AGENCY, agency)):
        sent = get(world, view).submitted
        assert sent is not None
        assert sent.has_sector is shown
    asked = [one.rule for one in suggest_for(world.meeting) if one.rule.startswith("below-sector:")]
    assert asked == (["below-sector:A1"] if agency else [])


def test_a_sector_counts_who_scored_that_standard(world: PackWorld, cast: Cast) -> None:
    """Five agencies, of which one set the whole of A2 aside: its mean over four stays with the panel."""
    add_sector(world, cast, 3)
    place = factories.make_organisation("Sector 9", partnership=cast.partnership)
    factories.make_audit(
        world.cycle,
        place,
        scores={"A1.1": 1, "A1.2": 1, "A2.1": "None here", "A2.2": "None here"},
        status=AuditStatus.SUBMITTED,
    )
    sent = get(world, AGENCY).submitted
    assert sent is not None
    assert [row.sector.organisations if row.sector else None for row in sent.standards] == [5, None, 5]


def test_a_question_about_a_sector_that_shrank_is_not_the_agency_s(world: PackWorld, cast: Cast) -> None:
    add_sector(world, cast, 4)
    for one in suggest_for(world.meeting):
        LineOfEnquiry.objects.create(
            meeting=world.meeting, origin="suggested", rule=one.rule, text=one.text, reason=one.reason
        )
    assert "below-sector:A1" in [line.rule for line in get(world, AGENCY).enquiries]
    Invitee.objects.filter(organisation__name="Sector 0").update(exempt_reason="It has closed.")
    assert "below-sector:A1" not in [line.rule for line in get(world, AGENCY).enquiries]
    assert "below-sector:A1" in [line.rule for line in get(world).enquiries]


def test_years_before(world: PackWorld, cast: Cast) -> None:
    action = make_past(world, cast)
    factories.make_action(cast.organisation, cast.partnership, what="Their own affair")
    later = factories.make_action(
        cast.organisation, cast.partnership, answer=world.audit.answers.get(indicator__code="A1.1")
    )
    pack = get(world)
    assert [(one.action.pk, one.is_from_panel, one.verified) for one in pack.actions] == [
        (action.pk, True, f"It worked in part ({cast.administrator}, {date(timezone.localdate())})")
    ]
    assert [one.text for one in pack.recommendations] == ["Train them.", "Write to the schools."]
    assert [one.text for one in pack.practices] == ["A youth board reads each policy."]
    assert pack.submitted is not None
    assert [one.pk for row in pack.submitted.zeros for one in row.actions] == [later.pk]
    assert [one.reason for one in suggest_for(world.meeting) if one.rule.startswith("unanswered:")] == [
        "Recommended by an earlier panel, and not answered"
    ]


def test_nobody_is_asked_about_what_they_were_not_told(world: PackWorld, cast: Cast) -> None:
    """The letter of last year's meeting has not gone."""
    make_past(world, cast)
    Recommendation.objects.update(respond_by=None)
    assert not [one for one in suggest_for(world.meeting) if one.rule.startswith("unanswered:")]


def test_an_answer_to_this_very_meeting_is_none_of_its_past(world: PackWorld, cast: Cast) -> None:
    make_past(world, cast)
    new = factories.make_action(
        cast.organisation,
        cast.partnership,
        origin="panel",
        what="Agreed just now",
        status="done",
        percent=100,
    )
    world.meeting.recommendations.create(
        number=1,
        text="Do it.",
        response="action",
        action=new,
        responded_at=timezone.now(),
        created_by=cast.administrator,
    )
    for view in (View(), AGENCY):
        assert [one.action.what for one in get(world, view).actions] == ["Every volunteer is trained"]
    assert not [one for one in suggest_for(world.meeting) if one.rule == f"unverified:{new.pk}"]


def test_an_action_of_years_ago_that_was_finished_lately(world: PackWorld, cast: Cast) -> None:
    """And one that was settled before last year's cycle, which is nobody's question any more."""
    long_ago = timezone.now() - datetime.timedelta(days=900)
    slow, old = (
        factories.make_action(
            cast.organisation,
            cast.partnership,
            origin="panel",
            what=what,
            status="done",
            percent=100,
            created_at=long_ago,
        )
        for what in ("It took two years", "It was quick")
    )
    for action, at in ((slow, timezone.now()), (old, long_ago)):
        action.updates.create(
            status_before="in_progress",
            status_after="done",
            percent_before=50,
            percent_after=100,
            due_before=action.due_on,
            due_after=action.due_on,
            at=at,
        )
    assert [one.action.what for one in get(world).actions] == ["It took two years"]


def test_nothing_of_another_partnership(world: PackWorld, cast: Cast) -> None:
    """The same organisation elsewhere has its audits, actions and meetings there."""
    cast.organisation.participations.create(partnership=cast.elsewhere)
    factories.make_action(cast.organisation, cast.elsewhere, origin="panel", what="Moorland’s alone")
    before = get(world)
    assert not before.actions
    assert before.submitted is not None
    assert str(before.submitted.last_cycle) == "Audit 2025"


def test_the_agency_s_own_has_no_officers_notes(world: PackWorld, cast: Cast) -> None:
    ask_privately(world.meeting, world.member)
    line = LineOfEnquiry.objects.create(
        meeting=world.meeting,
        origin="added",
        text="And the boats?",
        reason="A whistle was blown.",
        by=cast.administrator,
    )
    pack = get(world, View(reader=cast.panel_member, for_agency=True))
    assert [one.text for one in pack.enquiries] == ["And the boats?"]
    assert not pack.shows_reason(line)
    assert get(world).shows_reason(line)
    assert [one.sentence for one in pack.reasons] == ["A1.1 is at 0."]
    assert pack.submitted is not None
    assert pack.submitted.signals == ()
    panel = get(world)
    assert panel.submitted is not None
    assert panel.submitted.signals


def test_a_private_question_is_its_author_s(world: PackWorld, cast: Cast) -> None:
    ask_privately(world.meeting, world.member)
    assert [one.text for one in get(world, View(cast.panel_member)).own_questions] == ["Who told you?"]
    for reader in (cast.administrator, cast.panel_chair, None):
        assert get(world, View(reader)).own_questions == []


def test_an_agency_that_submitted_nothing(world: PackWorld) -> None:
    pack = get_pack(Meeting.objects.with_place().get(pk=world.other.pk), View())
    assert pack.submitted is None
    assert not pack.own_tool
    assert suggest_for(world.other) == []


def test_what_was_submitted_counts_while_it_is_corrected(world: PackWorld) -> None:
    world.audit.answers.filter(indicator__code="A1.1").update(score=2, version=2)
    Audit.objects.filter(pk=world.audit.pk).update(status=AuditStatus.RETURNED)
    sent = get(world).submitted
    assert sent is not None
    assert [row.own_words for row in sent.zeros] == ["0"]
    drafted = {"status": AuditStatus.DRAFT, "submitted_at": None, "first_submitted_at": None}
    Audit.objects.filter(pk=world.audit.pk).update(**drafted)
    assert get(world).submitted is None


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_a_pack(
    world: PackWorld, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_past(world, cast)
    moderate(world, cast)
    add_sector(world, cast, number)
    make_interest(world.contact, cast.other_organisation)
    for index in range(number):
        make_lines(world, cast, index)
    meeting = Meeting.objects.with_place().get(pk=world.meeting.pk)
    with django_assert_num_queries(34):
        get_pack(meeting, View(cast.panel_member))


def make_lines(world: PackWorld, cast: Cast, index: int) -> None:
    ask_privately(world.meeting, world.member, f"Question {index}")
    for answer in world.audit.answers.filter(submitted_score=0):
        factories.make_action(cast.organisation, cast.partnership, answer=answer)
    factories.make_action(cast.organisation, cast.partnership, origin="panel")
