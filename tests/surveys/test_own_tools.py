"""An organisation's own national audit in place of answers: it counts in participation, and in nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleStatus, Series
from surveys.evidence_library import take_out
from surveys.landing import get_agency_audits, get_open_cycles
from surveys.models import Answer, Cycle, Evidence, Invitee, OwnToolReturn
from surveys.overview import get_overview
from surveys.own_tools import return_own_tool
from surveys.participation import get_participation
from surveys.workflow import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import address, make_place

SignIn = Callable[[User], Client]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def make_upload(name: str = "national audit.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@grounded
def place(cast: Cast) -> Invitee:
    return make_place(cast)


def test_a_lead_returns_it_and_withdraws_it(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.lead)
    assert address("audit_own_tool") in lead.get(address("audit")).text
    response = lead.post(address("audit_own_tool"), {"title": "Ambulance audit", "file": make_upload()})
    assert response.headers["Location"] == address("audit_own_tool")
    own = OwnToolReturn.objects.get()
    assert (own.title, own.submitted_by, own.version.name) == (
        "Ambulance audit",
        cast.lead,
        "national audit.pdf",
    )
    assert Evidence.objects.of(cast.organisation).get().versions.get() == own.version

    assert lead.get(address("audit")).headers["Location"] == address("audit_own_tool")
    page = sign_in(cast.viewer).get(address("audit_own_tool")).text
    assert "Ambulance audit" in page
    assert "on time" in page
    assert "Withdraw it" not in page
    content = sign_in(cast.scrutineer).get(address("audit_own_tool_file"))
    assert b"".join(content.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "attachment" in content.headers["Content-Disposition"]

    lead = sign_in(cast.lead)
    assert lead.post(address("audit_start")).status_code == 403
    lead.post(address("audit_own_tool_withdraw"))
    assert not OwnToolReturn.objects.exists()
    assert Evidence.objects.of(cast.organisation).exists(), "the file stays in the library"
    assert lead.post(address("audit_start")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_receipt_goes_to_the_leads_and_who_returned_it(
    place: Invitee, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    factories.make_member("second@anchor.example", organisation=cast.organisation)
    return_own_tool(invitee=place, title="Ambulance audit", file=make_upload(), by=cast.contributor)
    assert [mail.to for mail in mailoutbox] == [
        [cast.contributor.email],
        [cast.lead.email],
        ["second@anchor.example"],
    ]
    receipt = mailoutbox[0]
    assert receipt.subject == "Anchor Trust has returned its own audit for Audit 2026: keep this receipt"
    for words in ("Ambulance audit", "national audit.pdf", "on time", address("audit_own_tool")):
        assert words in receipt.body
    with pytest.raises(NotInThisState):
        return_own_tool(invitee=place, title="Again", file=make_upload(), by=cast.lead)
    assert len(mailoutbox) == 3, "what was not returned has no receipt"


def test_it_is_returned_whatever_the_mail_server_says(
    place: Invitee, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def fail(**kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr("surveys.emails.make_email", fail)
    with django_capture_on_commit_callbacks(execute=True):
        return_own_tool(invitee=place, title="Ours", file=make_upload(), by=cast.lead)
    assert OwnToolReturn.objects.exists()


def test_a_wrong_file_is_refused_in_a_sentence(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    upload = make_upload("audit.pdf", b"MZ\x90\x00 this is a program")
    page = sign_in(cast.lead).post(address("audit_own_tool"), {"title": "Ours", "file": upload}).text
    assert "Error:" in page
    assert "audit.pdf" in page
    assert not OwnToolReturn.objects.exists()


def test_a_file_that_had_been_taken_out_is_put_back(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.lead)
    lead.post(address("audit_own_tool"), {"title": "Ours", "file": make_upload()})
    lead.post(address("audit_own_tool_withdraw"))
    take_out(evidence=Evidence.objects.get(), by=cast.lead)
    response = lead.post(address("audit_own_tool"), {"title": "Ours again", "file": make_upload()})
    assert response.status_code == 302
    own = OwnToolReturn.objects.get()
    assert (own.title, own.version.evidence.removed_at) == ("Ours again", None)


def test_never_beside_answers(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    audit = factories.make_audit(place.cycle, cast.organisation, scores={"A1.1": 0})
    lead = sign_in(cast.lead)
    page = lead.get(address("audit_own_tool"))
    assert page.status_code == 403
    assert "The audit has answers already" in page.text
    with pytest.raises(NotInThisState, match="has answers by now"):
        return_own_tool(invitee=place, title="Ours", file=make_upload(), by=cast.lead)
    Answer.objects.filter(audit=audit).update(score=None)
    assert lead.get(address("audit_own_tool")).status_code == 200


def test_nobody_answers_beside_it(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    factories.make_audit(place.cycle, cast.organisation)
    factories.make_own_tool_return(place)
    response = sign_in(cast.lead).get(address("audit_standard", code="A1"))
    assert response.status_code == 403
    assert "Anchor Trust has returned its own audit in place of answers." in response.text


def test_it_counts_in_participation_only(place: Invitee, cast: Cast) -> None:
    cycle = place.cycle
    before = get_overview(cycle, Series.SELF)
    factories.make_own_tool_return(place)
    figures = get_participation(cycle)
    assert (figures.invited, figures.started, figures.submitted, figures.on_time) == (2, 2, 1, 1)
    after = get_overview(cycle, Series.SELF)
    assert (after.variants, after.themes, after.submitted) == (
        before.variants,
        before.themes,
        before.submitted,
    )
    assert (get_open_cycles(cast.partnership)[0].submitted.count) == 1
    agency = get_agency_audits([cast.organisation.pk])[0]
    assert agency.word == "Own tool"
    assert agency.line.startswith("Your own audit was returned on ")


@pytest.mark.parametrize(("days", "on_time"), [(0, 1), (1, 0)])
def test_on_time_is_judged_by_its_own_moment(place: Invitee, days: int, on_time: int) -> None:
    Cycle.objects.update(closes_on=timezone.localdate())
    moment = timezone.now() + datetime.timedelta(days=days)
    factories.make_own_tool_return(place, submitted_at=moment)
    assert get_participation(Cycle.objects.get(pk=place.cycle_id)).on_time == on_time


def test_the_desk_shows_it_and_leaves_it_alone(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    factories.make_own_tool_return(place)
    officer = sign_in(cast.administrator)
    page = officer.get("/p/harbour/desk/cycles/2026/").text
    assert "Own tool" in page
    assert address("audit_own_tool_file") in page
    assert "Own tool" in officer.get("/p/harbour/desk/cycles/2026/invitees/anchor/").text
    removed = officer.post("/p/harbour/desk/cycles/2026/invitees/anchor/remove/")
    assert removed.status_code == 403
    assert OwnToolReturn.objects.exists()


def test_nothing_changes_once_the_cycle_is_closed(place: Invitee, cast: Cast, sign_in: SignIn) -> None:
    factories.make_own_tool_return(place)
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    lead = sign_in(cast.lead)
    assert lead.post(address("audit_own_tool_withdraw")).status_code == 403
    assert lead.get(address("audit_own_tool")).status_code == 200
    assert OwnToolReturn.objects.exists()


def test_a_submitted_audit_is_no_own_tool(cast: Cast) -> None:
    place = make_place(cast)
    factories.make_audit(place.cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    assert get_participation(place.cycle).submitted == 1
