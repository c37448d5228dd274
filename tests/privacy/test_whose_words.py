"""What an export does not hand out: rows with a name that anybody may take, drafts, and what others wrote since."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accountability.models import LineOfEnquiry
from s11.organisations.models import Contact, DataExport, Partnership, User
from s11.privacy.exporting import OWN_EVERY, read_material, request_export
from surveys.models import Answer
from tests import factories
from tests.accountability.everything_rows import fill as fill_meetings
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def export(
    capture: DjangoCaptureOnCommitCallbacks, partnership: Partnership | None, by: User, **about: Any
) -> dict[str, Any]:
    with capture(execute=True):
        made = request_export(partnership=partnership, by=by, **about)
    made.refresh_from_db()
    return read_material(made)


def test_nobody_reads_what_bears_a_name_that_they_took(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """People choose their own name: an owner who has no account is found by an officer who looks, not by that."""
    factories.make_action(
        cast.organisation,
        cast.partnership,
        what="What Anchor Trust plans",
        owner="Safeguarding lead",
        created_by=cast.lead,
    )
    participation = cast.organisation.participations.get()
    Contact.objects.create(
        participation=participation, kind="chief_executive", name="Safeguarding lead", job_title="Of Anchor"
    )
    cast.outsider.name = "Safeguarding lead"
    cast.outsider.save()
    capture = django_capture_on_commit_callbacks
    own = json.dumps(export(capture, None, cast.outsider, user=cast.outsider))
    assert "What Anchor Trust plans" not in own
    assert "Of Anchor" not in own
    theirs = json.dumps(export(capture, cast.partnership, cast.administrator, name="Safeguarding lead"))
    assert "What Anchor Trust plans" in theirs
    assert "Of Anchor" in theirs


def test_officers_find_no_account_of_elsewhere_by_its_name(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cast.lead.name = "Jane Gannet"
    cast.lead.save()
    capture = django_capture_on_commit_callbacks
    assert export(capture, cast.elsewhere, cast.outsider, name="Jane Gannet")["tables"] == []
    assert export(capture, cast.partnership, cast.administrator, name="Jane Gannet")["tables"] != []


def test_officers_read_no_scores_of_a_draft(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=1)
    audit.answers.update(updated_by=cast.lead)
    capture = django_capture_on_commit_callbacks
    for partnership, by, are_told in ((cast.partnership, cast.administrator, False), (None, cast.lead, True)):
        material = export(capture, partnership, by, user=cast.lead)
        [table] = [one for one in material["tables"] if one["model"] == Answer._meta.label]
        cells = table["rows"][0]["cells"]
        assert ("score" in cells) is are_told
        assert {"indicator", "updated_at"} <= cells.keys()


def test_officers_do_not_read_a_private_question(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Of whoever is asked about, and of others who name them in one; whoever wrote it has it in their own."""
    cast.panel_chair.name = "Jane Gannet"
    cast.panel_chair.save()
    fill_meetings(cast.partnership, cast.administrator, "Met", slug="met")
    line = LineOfEnquiry.objects.filter(by__isnull=False).earliest("pk")
    LineOfEnquiry.objects.filter(pk=line.pk).update(
        by=cast.panel_chair, is_private=True, origin="added", text="Is Jane Gannet wrong about the Trust?"
    )
    capture = django_capture_on_commit_callbacks
    theirs = json.dumps(export(capture, cast.partnership, cast.administrator, user=cast.panel_chair))
    assert "wrong about the Trust" not in theirs
    assert "wrong about the Trust" in json.dumps(
        export(capture, None, cast.panel_chair, user=cast.panel_chair)
    )
    LineOfEnquiry.objects.filter(pk=line.pk).update(is_private=False)
    theirs = json.dumps(export(capture, cast.partnership, cast.administrator, user=cast.panel_chair))
    assert "wrong about the Trust" in theirs


def test_nobody_has_their_own_made_over_and_over(
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    export(django_capture_on_commit_callbacks, None, cast.viewer, user=cast.viewer)
    client = sign_in(cast.viewer)
    page = client.post("/home/details/held/", follow=True)
    assert "less than an hour old" in page.text
    DataExport.objects.update(requested_at=timezone.now() - OWN_EVERY)
    client.post("/home/details/held/")
    assert DataExport.objects.own(cast.viewer).count() == 2


def test_who_left_does_not_read_on_in_what_they_began(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Words of a row that they made are others' by now; those of a line that they wrote stay theirs."""
    action = factories.make_action(
        cast.organisation, cast.partnership, what="Changed since", created_by=cast.contributor
    )
    before = {"status_before": action.status, "percent_before": 0, "due_before": action.due_on}
    after = {"status_after": action.status, "percent_after": 10, "due_after": action.due_on}
    action.updates.create(text="As I reported", by=cast.contributor, **before, **after)
    cast.organisation.memberships.filter(user=cast.contributor).delete()
    material = export(django_capture_on_commit_callbacks, None, cast.contributor, user=cast.contributor)
    said = json.dumps([table for table in material["tables"] if table["model"].startswith("surveys.")])
    assert "surveys.Action" in said
    assert "As I reported" in said
    assert "Changed since" not in said
