"""The room Retention on the desk, from a period that is set to a certificate that is read."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from s11.retention.certificates import TEMPLATE, make_document
from s11.retention.enums import Kind, ListStatus
from s11.retention.models import Certificate, DestructionList, Hold, Period
from s11.web.pdf import render_pdf
from surveys.models import Answer, Audit
from tests import factories
from tests.conftest import Cast
from tests.retention.walk_rows import make_retention_rows
from tests.retention.world import approve, destroy, make_due_audit

AT = ["harbour"]


def read(client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(f"retention:{name}", args=[*AT, *arguments]))
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, name: str, *arguments: object, **data: object) -> str:
    address = reverse(f"retention:{name}", args=[*AT, *arguments])
    return client.post(address, data, follow=True).content.decode()


def enter(client: Client, person: object) -> Client:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


def test_from_what_is_due_to_its_certificate(cast: Cast, client: Client) -> None:
    audit = make_due_audit(cast, "Due House")
    cast.lead.memberships.create(organisation=audit.organisation, role="lead", started_at=audit.created_at)
    enter(client, cast.quality_officer)
    page = read(client, "schedule")
    assert "Audits: answers and evidence" in page
    assert "Make a destruction list" in page
    page = send(client, "list_make")
    assert f"Audit {audit.pk}, cycle past" in page
    assert "Due House" in page
    page = send(client, "list_propose", 1)
    assert "You put this list forward yourself" not in page  # for want of the office comes first
    assert "Only an administrator" in page
    assert client.get(reverse("retention:list_approve", args=[*AT, 1])).status_code == 403

    enter(client, cast.panel_chair)
    page = send(client, "list_approve", 1, seen=1)
    assert "Confirm that these records may be destroyed for good" in page
    page = send(client, "list_approve", 1, seen=2, is_sure="on")
    assert "it names 1 by now, and you were shown 2" in page
    with patch("s11.retention.certificates.render_pdf", return_value=b"%PDF-1.7"):
        page = send(client, "list_approve", 1, seen=1, is_sure="on")
    assert "1 of 1 record destroyed" in page
    assert not Answer.objects.filter(audit=audit).exists()
    page = read(client, "list_certificate", 1)
    assert Certificate.objects.get().list.number == 1
    assert "Due House" not in page
    assert f"organisation {audit.organisation.pk}" in page
    file = client.get(reverse("retention:list_certificate_file", args=[*AT, 1]))
    assert b"".join(file.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    assert file["Cache-Control"] == "private, no-store"
    check_what_is_left(client, cast, audit)


def check_what_is_left(client: Client, cast: Cast, audit: Audit) -> None:
    """No figure is made of what is left, and nobody reads an audit as if it had been empty."""
    enter(client, cast.administrator)
    here = [cast.partnership.slug, "past"]
    page = client.get(reverse("surveys:overview", args=here))
    assert page.status_code == 200
    assert "Figures of what is left would be wrong" in page.content.decode()
    for name in ("surveys:moderation_queue", "accountability:risk_list"):
        assert client.get(reverse(name, args=here)).status_code == 403, name
    assert client.post(reverse("surveys:overview_file_request", args=here)).status_code == 403
    enter(client, cast.lead)
    page = client.get(reverse("surveys:audit", kwargs=audit.slugs))
    assert "were destroyed on" in page.content.decode()
    assert client.get(reverse("surveys:audit_read", kwargs=audit.slugs)).status_code == 403


def test_a_period_is_set_with_its_reason_and_kept_by_version(cast: Cast, client: Client) -> None:
    enter(client, cast.administrator)
    assert "Select how long they are kept" in send(client, "period", "audit", version=0)
    assert "Enter for how many months" in send(client, "period", "audit", how="months", why="x", version=0)
    page = send(client, "period", "audit", how="months", months=84, why="Policy 14.3", version=0)
    assert "the period is set" in page
    assert "7 years" in page
    assert "Somebody else has set this period" in send(
        client, "period", "audit", how="for_good", why="Policy", version=0
    )
    # Sent once more it is meant so, for the page has said what holds; what is left in the hidden box is no fault.
    page = send(client, "period", "audit", how="for_good", months="x", why="Policy", version=0)
    assert ('name="version" value="1"' in page, "whole number" in page) == (True, False)
    send(client, "period", "audit", how="for_good", months="x", why="Policy", version=1)
    assert list(Period.objects.order_by("version").values_list("version", "months")) == [(1, 84), (2, None)]
    assert client.get(reverse("retention:period", args=[*AT, "secrets"])).status_code == 404


def test_a_hold_takes_a_record_off_the_list_until_it_is_released(cast: Cast, client: Client) -> None:
    audit = make_due_audit(cast)
    enter(client, cast.quality_officer)
    send(client, "list_make")
    item = DestructionList.objects.get().items.get()
    assert "Enter why it must be kept" in send(client, "hold", 1, item.pk)
    send(client, "hold", 1, item.pk, reason="A claim.")
    # Another officer who had the form open.
    assert "not on this list any more" in send(client, "hold", 1, item.pk, reason="A review.")
    assert "All that stood on the list is held back" in send(client, "list_propose", 1)
    page = read(client, "list", 1)
    assert ("All that stood on this list was held back" in page, "Put forward for approval" in page) == (
        True,
        False,
    )
    send(client, "list_withdraw", 1)
    assert "Nothing has come due" in send(client, "list_make")
    hold = Hold.objects.get(record=audit.pk)
    assert "A claim." in read(client, "schedule")
    send(client, "hold_release", hold.pk)
    send(client, "list_make")
    assert DestructionList.objects.get(status=ListStatus.DRAFT).items.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_queries(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    audit = make_due_audit(cast)
    for index in range(1, number):
        one = factories.make_organisation(f"House {index}", partnership=cast.partnership)
        factories.make_audit(audit.cycle, one, scores=1)
    enter(client, cast.quality_officer)
    client.get(reverse("retention:schedule", args=AT))
    with django_assert_num_queries(SCHEDULE):
        read(client, "schedule")
    send(client, "list_make")
    with django_assert_num_queries(LIST):
        read(client, "list", 1)


SCHEDULE, LIST = 19, 10


def test_the_certificate_on_paper(cast: Cast) -> None:
    """One real one."""
    make_due_audit(cast)
    found = destroy(approve(cast))
    assert render_pdf(TEMPLATE, make_document(found)).startswith(b"%PDF-")


def test_who_watched_a_list_to_its_end_gets_the_whole_page_anew(cast: Cast, client: Client) -> None:
    make_due_audit(cast)
    found = approve(cast)
    enter(client, cast.administrator)
    address = reverse("retention:list", args=[*AT, found.number])
    assert "HX-Refresh" not in client.get(address, headers={"HX-Request": "true"})
    destroy(found)
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_room_is_there_for_who_may(cast: Cast, client: Client) -> None:
    rows = make_retention_rows(cast)
    enter(client, cast.scrutineer)
    page = read(client, "schedule")
    assert 'href="/p/harbour/desk/retention/"' in page
    assert "list_make" not in page
    assert "Release" not in page
    page = read(client, "list", rows["list_waiting"])
    assert "Hold back" not in page
    assert Kind.MAIL.label in page
