"""Actions as a table: what officers see of them, and nothing that agencies plan for themselves."""

from __future__ import annotations

from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import Membership
from surveys.enums import ActionOrigin, AuditStatus
from surveys.models import Audit
from surveys.resources.actions import ActionTable
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.table_rows import export


@grounded
def audit(cast: Cast) -> Audit:
    bank = factories.make_questionnaire(Variant.STANDARD)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    here, organisation = cast.partnership, cast.organisation
    factories.make_action(organisation, here, answer=audit.answers.all()[0], what="From what was submitted")
    factories.make_action(organisation, here, what="From the panel", origin=ActionOrigin.PANEL)
    factories.make_action(organisation, here, what="Of its own accord")
    draft = factories.make_audit(cycle, cast.other_organisation, scores=0)
    factories.make_action(cast.other_organisation, here, answer=draft.answers.all()[0], what="From a draft")
    there = factories.make_organisation("Dune Homes", slug="dune", partnership=cast.elsewhere)
    factories.make_action(there, cast.elsewhere, what="From elsewhere", origin=ActionOrigin.PANEL)
    return audit


def test_officers_take_out_what_they_see(cast: Cast, audit: Audit) -> None:
    rows = export(ActionTable(partnership=cast.partnership, by=cast.scrutineer))
    assert [(row["What will be different"], row["Indicator"], row["Origin"]) for row in rows] == [
        ("From what was submitted", "A1.1", "From a score of 0 or 1"),
        ("From the panel", "", "Agreed with the panel"),
    ]
    assert (rows[0]["Organisation"], rows[0]["Cycle"], rows[1]["Cycle"]) == ("Anchor Trust", "Audit 2026", "")


def test_an_officer_who_is_a_member_too_takes_out_no_more_of_the_desk(cast: Cast, audit: Audit) -> None:
    Membership.objects.create(
        user=cast.scrutineer,
        organisation=cast.other_organisation,
        role=MembershipRole.LEAD,
        started_at=audit.created_at,
    )
    rows = export(ActionTable(partnership=cast.partnership, by=cast.scrutineer))
    assert "From a draft" not in {row["What will be different"] for row in rows}


def test_a_recall_takes_its_actions_back(cast: Cast, audit: Audit) -> None:
    Audit.objects.filter(pk=audit.pk).update(
        status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None
    )
    rows = export(ActionTable(partnership=cast.partnership, by=cast.scrutineer))
    assert [row["What will be different"] for row in rows] == ["From the panel"]


def test_it_only_goes_out() -> None:
    assert not ActionTable.can_import
    assert "so a file changes none" in ActionTable.hint


def test_queries_do_not_grow_with_the_rows(
    cast: Cast, audit: Audit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (0, 2):
        for answer in audit.answers.all()[:more]:
            factories.make_action(cast.organisation, cast.partnership, answer=answer)
        with django_assert_num_queries(1):
            export(ActionTable(partnership=cast.partnership, by=cast.administrator))
