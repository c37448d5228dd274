"""An officer looks who has come how far, keeps a view, takes the file, reads a timeline, and plans the next cycle."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from s11.organisations.models import Organisation
from surveys.enums import AuditStatus, CycleStatus, MessageKind, MessageStatus
from surveys.models import Answer, Cycle, Message
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

DAY = datetime.timedelta(days=1)


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    """Three of eight are in; Anchor has stalled, and mail to Beacon came back."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0})
    Answer.objects.filter(audit=audit).update(updated_at=timezone.now() - 20 * DAY)
    for number in range(7):
        organisation = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        if number < 3:
            at, status = timezone.now() - (number + 1) * DAY, AuditStatus.SUBMITTED
            factories.make_audit(cycle, organisation, scores=2, status=status, submitted_at=at)
        else:
            factories.make_invitee(cycle, organisation)
    refuse(cycle, Organisation.objects.get(name="Place 6"))
    return cycle


def refuse(cycle: Cycle, organisation: Organisation) -> None:
    Message.objects.create(
        partnership=cycle.partnership,
        cycle=cycle,
        organisation=organisation,
        kind=MessageKind.OPENING,
        email="gone@place.example",
        subject="The audit is open",
        body="It is.",
        status=MessageStatus.REFUSED,
        error="The mail server does not know the address (it answered 550).",
    )


def test_an_officer_follows_a_cycle(page: Page, sign_in: SignIn, cast: Cast, cycle: Cycle) -> None:
    sign_in(page, cast.administrator)
    page.goto("/p/harbour/desk/")
    page.get_by_role("link", name="Pipeline", exact=True).first.click()
    expect_heading(page, re.compile("Pipeline: Audit 2026"))
    expect(page.get_by_role("heading", name="3 of 8 returned")).to_be_visible()
    check_page(page)
    keep_a_view(page)
    take_the_file(page)
    read_a_timeline(page)
    plan_the_next(page)
    planned = Cycle.objects.exclude(pk=cycle.pk).get()
    assert (planned.title, planned.status) == ("Audit 2027", CycleStatus.PLANNED)
    assert planned.invitees.count() == 8


def keep_a_view(page: Page) -> None:
    page.get_by_role("link", name="Stalled", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Anchor Trust"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Place"))).to_have_count(0)
    page.get_by_role("link", name="Save this view").click()
    expect_heading(page, "Save this view")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("alert")).to_contain_text("name of this view")
    check_page(page)
    page.get_by_label("Name of this view").fill("Who needs a call")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_text("The view Who needs a call is saved.")).to_be_visible()
    page.get_by_text("Your saved views (1)").click()
    expect(page.get_by_role("link", name="Who needs a call")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Remove the view Who needs a call").click()
    expect(page.get_by_text("The view Who needs a call is removed.")).to_be_visible()


def take_the_file(page: Page) -> None:
    page.get_by_label("Sorted by").select_option("Progress, the least on top")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Save this view")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 9


def read_a_timeline(page: Page) -> None:
    page.get_by_role("link", name="Contacts with Place 6").click()
    expect_heading(page, "Timeline: Place 6")
    expect(page.get_by_text("E-mail to gone@place.example: The audit is open")).to_be_visible()
    check_page(page)


def plan_the_next(page: Page) -> None:
    page.goto("/p/harbour/desk/cycles/2026/")
    page.get_by_role("link", name="Plan the next cycle from this one").click()
    expect_heading(page, "Plan a cycle like Audit 2026")
    check_page(page)
    page.get_by_role("button", name="Plan the cycle").click()
    expect_heading(page, re.compile("Audit 2027.*Planned"))
    check_page(page)
