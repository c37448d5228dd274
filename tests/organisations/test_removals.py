"""Removing with a way back, in its edges: names taken since, what it belonged to gone, one’s own, its time over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Contact, MailDomain, Removal
from s11.organisations.queries import Desk
from s11.organisations.removals import (
    destroy_removal,
    list_removed,
    put_back,
    remove,
    reserve_keys,
)
from s11.organisations.workflow import end_person, withdraw_mail_domain
from s11.organisations.workflow.contacts import add_contact, end_contact
from s11.verifying import FaultKind, find_removal_faults
from s11.web.errors import NotInThisState
from surveys.evidence_library import erase, take_out
from surveys.models import Cycle, Evidence, SavedView
from tests import factories
from tests.conftest import Cast

AsPerson = Callable[[Any], Client]


def remove_view(cast: Cast, name: str = "Late ones", by: Any = None) -> Removal:
    by = by or cast.quality_officer
    view = SavedView.objects.create(user=by, partnership=cast.partnership, name=name, query="state=stalled")
    return remove("view", view, title=f"The view ‘{name}’", partnership=cast.partnership, by=by)


def make_domain(cast: Cast, domain: str = "anchor.example") -> MailDomain:
    return cast.organisation.mail_domains.create(
        domain=domain, confirmed_in=cast.partnership, confirmed_by=cast.administrator
    )


def test_a_name_that_was_taken_since_is_said_and_nothing_is_changed(cast: Cast) -> None:
    removal = remove_view(cast)
    SavedView.objects.create(
        user=cast.quality_officer, partnership=cast.partnership, name="Late ones", query=""
    )
    with pytest.raises(NotInThisState, match="another by the same name"):
        put_back(removal=removal, by=cast.quality_officer)
    assert Removal.objects.removed().get().rows
    SavedView.objects.all().delete()
    put_back(removal=removal, by=cast.quality_officer)
    assert SavedView.objects.get().query == "state=stalled"


def test_what_it_belonged_to_may_be_gone(cast: Cast) -> None:
    removal = withdraw_mail_domain(mail_domain=make_domain(cast), by=cast.administrator)
    removal.rows[0]["fields"]["organisation"] = 10_000
    removal.save()
    with pytest.raises(NotInThisState, match="no longer there"):
        put_back(removal=removal, by=cast.administrator)
    assert not MailDomain.objects.exists()


def test_a_contact_comes_back_unless_the_address_has_another(cast: Cast) -> None:
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    facts = {"kind": "chief_executive", "name": "Ada", "email": "ada@anchor.example"}
    contact = add_contact(participation=participation, by=cast.administrator, **facts)
    removal = end_contact(contact=contact, by=cast.administrator)
    second = add_contact(participation=participation, by=cast.administrator, **facts)
    with pytest.raises(NotInThisState, match="by now"):
        put_back(removal=removal, by=cast.administrator)
    end_contact(contact=second, by=cast.administrator)
    put_back(removal=removal, by=cast.administrator)
    assert Contact.objects.current().get() == contact


def test_somebody_put_back_has_new_roles_and_is_told(
    cast: Cast, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    removal = end_person(user=cast.viewer, organisation=cast.organisation, by=cast.lead)
    assert removal is not None
    with django_capture_on_commit_callbacks(execute=True):
        put_back(removal=removal, by=cast.lead)
    assert [mail.to for mail in mailoutbox] == [[cast.viewer.email]]
    assert cast.viewer.memberships.count() == 2
    assert cast.viewer.memberships.active().count() == 1


def test_nobody_comes_back_without_an_account_or_by_their_own_hand(cast: Cast) -> None:
    assert end_person(user=cast.contributor, organisation=cast.organisation, by=cast.contributor) is None
    removal = end_person(user=cast.viewer, organisation=cast.organisation, by=cast.lead)
    assert removal is not None
    cast.viewer.is_active = False
    cast.viewer.save()
    with pytest.raises(NotInThisState, match="no account"):
        put_back(removal=removal, by=cast.lead)


def test_ones_own_is_seen_by_nobody_else(cast: Cast, sign_in: AsPerson) -> None:
    removal = remove_view(cast)
    make_domain(cast)
    page = reverse("organisations:removed", args=["harbour"])
    assert "Late ones" in sign_in(cast.quality_officer).get(page).content.decode()
    administrator = sign_in(cast.administrator)
    assert "Late ones" not in administrator.get(page).content.decode()
    address = reverse("organisations:put_back", args=["harbour", removal.pk])
    assert administrator.post(address).status_code == 404


def test_a_role_that_may_not_is_told_why(cast: Cast, sign_in: AsPerson) -> None:
    removal = withdraw_mail_domain(mail_domain=make_domain(cast), by=cast.administrator)
    publisher = sign_in(cast.publisher)
    address = reverse("organisations:put_back", args=["harbour", removal.pk])
    response = publisher.post(address)
    assert (response.status_code, "quality officer" in response.content.decode()) == (403, True)
    assert (
        "mail domain"
        not in publisher.get(reverse("organisations:removed", args=["harbour"])).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(
    count: int, cast: Cast, sign_in: AsPerson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        withdraw_mail_domain(mail_domain=make_domain(cast, f"{number}.example"), by=cast.administrator)
    client = sign_in(cast.administrator)
    page = reverse("organisations:removed", args=["harbour"])
    client.get(page)
    with django_assert_num_queries(5):
        content = client.get(page).content.decode()
    assert content.count("Put back<span") == count
    assert list_removed(Desk(cast.elsewhere, frozenset()), cast.outsider).count() == 0


def test_undo_leads_only_to_our_own_pages(cast: Cast, sign_in: AsPerson) -> None:
    removal = withdraw_mail_domain(mail_domain=make_domain(cast), by=cast.administrator)
    client = sign_in(cast.administrator)
    address = reverse("organisations:put_back", args=["harbour", removal.pk])
    assert client.post(address, {"next": "https://evil.example/"})["Location"] == reverse(
        "organisations:removed", args=["harbour"]
    )


def test_the_trail_says_who_removed_and_who_put_back(cast: Cast) -> None:
    removal = withdraw_mail_domain(mail_domain=make_domain(cast), by=cast.administrator)
    put_back(removal=removal, by=cast.quality_officer)
    lines = LogEntry.objects.get_for_object(removal).order_by("pk")
    assert [line.action for line in lines] == [LogEntry.Action.CREATE, LogEntry.Action.UPDATE]
    assert lines[0].changes["removed_by"][1] == cast.administrator.pk
    assert lines[1].changes["restored_by"][1] == cast.quality_officer.pk
    assert not {"rows", "links"} & lines[0].changes.keys()


def test_keys_of_what_is_away_are_given_to_nobody_else(cast: Cast) -> None:
    """As after a backup was restored: the database counts on from what lies in the tables."""
    removal = remove_view(cast)
    removal.rows[0]["pk"] = 5_000
    removal.save()
    reserve_keys()
    new = SavedView.objects.create(user=cast.lead, partnership=cast.partnership, name="New", query="")
    assert new.pk > 5_000
    put_back(removal=removal, by=cast.quality_officer)
    assert SavedView.objects.filter(pk=5_000).exists()


def test_verify_names_what_cannot_be_put_back(cast: Cast) -> None:
    removal = remove_view(cast)
    assert list(find_removal_faults(set())) == []
    removal.rows[0]["model"] = "surveys.gone"
    removal.save()
    [fault] = find_removal_faults(set())
    assert (fault.kind, "Late ones" in fault.what) == (FaultKind.REMOVAL, True)


# Evidence -------------------------------------------------------------------------------------------------------------


def make_evidence(cast: Cast) -> tuple[Evidence, str]:
    evidence = factories.make_evidence(cast.organisation)
    version = evidence.versions.get()
    version.file.save("plan.pdf", ContentFile(b"%PDF-1.7"))
    return evidence, str(version.file.name)


def test_what_is_deleted_everywhere_has_no_way_back(cast: Cast) -> None:
    evidence, _ = make_evidence(cast)
    take_out(evidence=evidence, by=cast.lead)
    erase(evidence=evidence, reason="It named a child.", by=cast.lead)
    assert not Removal.objects.removed().exists()


def test_files_stay_until_the_time_is_over(cast: Cast) -> None:
    evidence, name = make_evidence(cast)
    removal = take_out(evidence=evidence, by=cast.lead)
    assert default_storage.exists(name)
    destroy_removal(removal)
    assert not default_storage.exists(name)
    evidence.refresh_from_db()
    assert evidence.is_erased


def test_a_submission_keeps_what_it_pins_whatever_its_library_destroys(cast: Cast) -> None:
    evidence, name = make_evidence(cast)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=2)
    audit.answers.all()[0].evidence_links.create(evidence=evidence, submitted_version=evidence.versions.get())
    removal = take_out(evidence=evidence, by=cast.lead)
    destroy_removal(removal)
    assert default_storage.exists(name)
    assert not Removal.objects.exists()


def test_evidence_backs_only_answers_that_may_still_change(cast: Cast) -> None:
    evidence, _ = make_evidence(cast)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=2)
    answer = audit.answers.all()[0]
    answer.evidence_links.create(evidence=evidence)
    removal = take_out(evidence=evidence, by=cast.lead)
    assert not answer.evidence_links.exists()
    Cycle.objects.filter(pk=cycle.pk).update(status="closed", closed_at=timezone.now())
    put_back(removal=removal, by=cast.lead)
    evidence.refresh_from_db()
    assert (evidence.removed_at, answer.evidence_links.exists()) == (None, False)
