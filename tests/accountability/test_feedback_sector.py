"""The sector's figures in feedback reports: what they are, and that they give nobody away."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accountability.feedback_reports import fetch_reports, get_agency_report
from accountability.issuing_feedback import NotInThisState, issue_feedback, tell_agencies
from accountability.models import FeedbackIssue, Publication, Report
from accountability.report_figures import get_ledgers
from accountability.sector_figures import make_sector_figures
from s11.organisations.enums import Variant
from s11.organisations.models import Organisation
from surveys.disclosure import Release
from surveys.enums import AuditStatus, Series
from surveys.models import CycleQuestionnaire
from surveys.public_overview import get_public_overview
from tests import factories
from tests.accountability.feedback_world import FeedbackWorld, add_others, make_feedback_world
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def world(cast: Cast) -> FeedbackWorld:
    return make_feedback_world(cast)


@pytest.fixture(autouse=True)
def _no_paper() -> Iterator[None]:
    with patch("accountability.feedback_files.render_pdf", return_value=b"%PDF-1.7 made up"):
        yield


def issue(world: FeedbackWorld, cast: Cast, capture: DjangoCaptureOnCommitCallbacks) -> FeedbackIssue:
    """With its files, which the jobs make at once."""
    with capture(execute=True):
        return issue_feedback(cycle=world.cycle, by=cast.quality_officer)


# The sector's figures -------------------------------------------------------------------------------------------------


def test_a_slow_twin_finds_the_same(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """From the answers, by the standard library."""
    drafts = factories.make_organisation("Draft House", partnership=cast.partnership)
    factories.make_audit(world.cycle, drafts, scores=0)
    exempt = add_others(cast, world.cycle, [0, 0, 0])
    for audit in exempt:
        audit.invitee.exempt_reason = "Merged"
        audit.invitee.save()
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    counted = [world.audit, *world.others]
    for figure in issued.sector_figures.select_related("standard"):
        means = []
        for audit in counted:
            answers = audit.answers.filter(submitted_score__isnull=False)
            if figure.standard is not None:
                answers = answers.filter(indicator__standard=figure.standard)
            scores = [answer.submitted_score for answer in answers if answer.submitted_score is not None]
            means.append(Fraction(sum(scores), len(scores)))
        expected = [to_places(one) for one in statistics.quantiles(means, n=4, method="inclusive")]
        assert list(figure.values) == expected
        assert figure.organisations == len(counted)
    assert issued.sector_figures.count() == 3  # A1, A2 and all of them


def to_places(mean: Fraction) -> Decimal:
    exact = Decimal(mean.numerator) / Decimal(mean.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_nothing_is_said_of_seven(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    world = make_feedback_world(cast, scores=[2] * 6)
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert not issued.sector_figures.exists()
    report = get_agency_report(fetch_reports().get(issue=issued, audit=world.audit))
    assert not report.has_sector
    assert [line.place for line in report.lines] == ["", "", ""]


def test_an_issue_keeps_its_figures(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = issue(world, cast, django_capture_on_commit_callbacks)
    before = list(first.sector_figures.values_list("standard", "lower", "median", "upper"))
    add_others(cast, world.cycle, [0] * 9)
    assert list(first.sector_figures.values_list("standard", "lower", "median", "upper")) == before
    second = issue(world, cast, django_capture_on_commit_callbacks)
    assert second.number == 2
    assert list(second.sector_figures.values_list("standard", "lower", "median", "upper")) != before


def test_what_agencies_were_told_is_told_again(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Before and after nine more are counted, side by side, would say something of those nine."""
    first = issue(world, cast, django_capture_on_commit_callbacks)
    tell_agencies(issue=first, by=cast.administrator)
    add_others(cast, world.cycle, [0] * 9)
    second = issue(world, cast, django_capture_on_commit_callbacks)
    columns = ("cycle_questionnaire", "standard", "organisations", "lower", "median", "upper")
    told, again = (set(one.sector_figures.values_list(*columns)) for one in (first, second))
    assert len(told) == 3
    assert again == told
    assert second.reports.count() == 17


# What would give somebody away ----------------------------------------------------------------------------------------


def test_nothing_where_a_trust_knows_all_but_one(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Seven of eight schools of one trust: with the sector's figures it could work the eighth out."""
    trust = factories.make_organisation("Trust", partnership=cast.partnership)
    for audit in world.others:
        Organisation.objects.filter(pk=audit.organisation.pk).update(parent=trust)
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert not issued.sector_figures.exists()
    assert issued.ledger == ""
    page = Client()
    page.force_login(cast.quality_officer)
    text = page.get(reverse("accountability:feedback_of", args=("harbour", "2026", "anchor"))).text
    assert "all that one person or trust answers for count as one" in text
    # Of seventeen, ten are nobody's but their own.
    more = add_others(cast, world.cycle, [2] * 9)
    assert len(more) == 9
    assert issue(world, cast, django_capture_on_commit_callbacks).sector_figures.count() == 3


def test_nothing_where_the_public_sees_variants_together(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The public's figures of both, less what eight of one of them are told of themselves, would tell of the other."""
    bank = factories.make_questionnaire(variant=Variant.HEALTH)
    pin = CycleQuestionnaire.objects.create(cycle=world.cycle, variant=Variant.HEALTH, questionnaire=bank)
    health = factories.make_organisation("Health", variant=Variant.HEALTH, partnership=cast.partnership)
    factories.make_audit(world.cycle, health, scores=2, status=AuditStatus.SUBMITTED)
    assert health.invitees.get().cycle_questionnaire == pin
    assert not issue(world, cast, django_capture_on_commit_callbacks).sector_figures.exists()


def test_not_told_once_somebody_has_come_since(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    add_others(cast, world.cycle, [0])
    with pytest.raises(NotInThisState, match="has changed since these reports were made"):
        tell_agencies(issue=issued, by=cast.quality_officer)
    again = issue(world, cast, django_capture_on_commit_callbacks)
    tell_agencies(issue=again, by=cast.quality_officer)
    assert {figure.organisations for figure in again.sector_figures.all()} == {9}


def test_not_told_while_a_report_is_being_published(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Its figures were made before the agencies knew these."""
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    report = Report.objects.create(
        partnership=cast.partnership, title="Report", created_by=cast.administrator
    )
    Publication.objects.create(report=report, content="{}", ledger="[]", asked_by=cast.administrator)
    with pytest.raises(NotInThisState, match="being published at this moment"):
        tell_agencies(issue=issued, by=cast.quality_officer)


def test_a_later_report_leaves_out_who_came_after_it_was_told(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Between figures of eight and of nine stands the ninth."""
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    add_others(cast, world.cycle, [2])
    assert len(publish_now(world).scores.records) == 9
    FeedbackIssue.objects.filter(pk=issued.pk).update(told_at=timezone.now(), told_by=cast.administrator)
    release = publish_now(world)
    assert len(release.scores.records) == 8
    assert len(release.late) == 1


def publish_now(world: FeedbackWorld) -> Release:
    return get_public_overview(world.cycle, Series.SELF, get_ledgers(world.cycle.partnership)).release


def test_an_issue_after_a_report_leaves_out_who_came_after_that(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ledger = get_public_overview(world.cycle).ledger
    add_others(cast, world.cycle, [2])
    with patch("accountability.sector_figures.get_ledgers", return_value=[ledger]):
        issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert {figure.organisations for figure in issued.sector_figures.all()} == {8}
    assert issued.reports.count() == 9


@pytest.mark.parametrize("more", [0, 9])
def test_as_many_queries_for_a_sector_of_eight_as_of_seventeen(
    world: FeedbackWorld, cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_others(cast, world.cycle, [2] * more)
    empty = FeedbackIssue(cycle=world.cycle, number=1, asked_by=cast.administrator)
    with django_assert_num_queries(15):
        assert len(make_sector_figures(empty).rows) == 3
