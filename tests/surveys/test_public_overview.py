"""What the public may see of a cycle: the overview's own figures, less what is withheld."""

from __future__ import annotations

import json
from typing import Any

import pytest

from s11.organisations.enums import Variant
from surveys.enums import AuditStatus, Series
from surveys.models import Audit, Cycle
from surveys.overview import as_json, get_overview
from surveys.public_overview import get_public_overview
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

pytestmark = pytest.mark.django_db
VARIANTS = (Variant.STANDARD, Variant.HEALTH)


@grounded
def cycle(cast: Cast) -> Cycle:
    """Ten agencies with all kinds of scores, and six in health; nobody is too few."""
    cycle = factories.make_cycle(
        cast.partnership, questionnaires=tuple(factories.make_questionnaire(one) for one in VARIANTS)
    )
    for number in range(16):
        variant = VARIANTS[number >= 10]
        scores: dict[str, int | str | None] = {
            "A1.1": 2, "A1.2": number % 3, "A2.1": 2 - number % 2, "A2.2": 2,
        }  # fmt: skip
        if number == 3:
            scores["A1.2"] = "Not our work"
        organisation = factories.make_organisation(f"Agency {number}", variant=variant)
        factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)
    return cycle


def find_differences(shown: Any, full: Any, path: str = "") -> list[str]:
    """Every key of the contract is there, and says the same unless it is withheld."""
    if isinstance(shown, dict) and "suppressed" in shown:
        return [f"{path} is withheld"]
    if isinstance(full, dict):
        return [one for key in full for one in find_differences(shown[key], full[key], f"{path}/{key}")]
    if isinstance(full, list):
        assert len(shown) == len(full), path
        return [
            one
            for place, (a, b) in enumerate(zip(shown, full, strict=True))
            for one in find_differences(a, b, f"{path}/{place}")
        ]
    return [] if shown == full else [f"{path}: {shown} is not {full}"]


def test_what_is_shown_are_the_figures_of_the_overview(cycle: Cycle) -> None:
    full = as_json(get_overview(cycle))
    del full["critical_zeros"]
    # In public they stand together.
    full["participation"] |= full.pop("took_part")
    # The overview's `submitted` beside grades counts audits; in public the word counts organisations alone.
    for one in (full["all"], *full["variants"]):
        one["audits"] = one.pop("submitted")
    public = get_public_overview(cycle).document
    withheld = [one for one in find_differences(public, full) if not one.endswith(" is withheld")]
    assert not withheld
    assert json.loads(json.dumps(public)) == public


def test_no_organisation_is_named(cycle: Cycle) -> None:
    assert "Agency" not in json.dumps(get_public_overview(cycle).document)


def test_the_ledger_goes_through_json(cycle: Cycle) -> None:
    first = get_public_overview(cycle)
    kept = json.loads(json.dumps(first.ledger))
    assert get_public_overview(cycle, Series.SELF, [kept]).document == first.document


def test_one_that_comes_after_a_publication_is_not_in_the_figures(cycle: Cycle) -> None:
    first = get_public_overview(cycle)
    late = factories.make_organisation("Agency 16")
    factories.make_audit(cycle, late, scores=0, status=AuditStatus.SUBMITTED)
    second = get_public_overview(cycle, Series.SELF, [first.ledger])
    assert second.document["all"] == first.document["all"]
    assert second.document["participation"]["submitted"] == 17
    assert second.decisions[0].about == "Who is counted"


def test_one_that_is_taken_back_withholds_what_it_was_in(cycle: Cycle) -> None:
    first = get_public_overview(cycle)
    audit = Audit.objects.get(invitee__organisation__name="Agency 0")
    audit.scorecards.all().delete()
    second = get_public_overview(cycle, Series.SELF, [first.ledger])
    standard, health = second.document["variants"]
    assert "suppressed" in standard["grades"]
    assert "suppressed" in second.document["all"]["grades"]
    assert health == first.document["variants"][1]


def test_without_an_audit_there_is_participation_alone(cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    document = get_public_overview(cycle).document
    assert (document["variants"], document["themes"]) == ([], [])
    assert document["all"]["audits"] == 0


@pytest.mark.parametrize("more", [0, 2])
def test_queries(cycle: Cycle, more: int, django_assert_num_queries: Any) -> None:
    for number in range(more):
        organisation = factories.make_organisation(f"More {number}")
        factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
    cycle.partnership  # noqa: B018 (fetched)
    with django_assert_num_queries(6):
        get_public_overview(cycle)


def test_own_tools_are_told_from_answers_and_groups_add_up(cycle: Cycle) -> None:
    """An own tool counts as submitted and is in no score: who adds up the groups finds it."""
    for number, variant in enumerate((Variant.STANDARD, Variant.HEALTH, Variant.HEALTH)):
        organisation = factories.make_organisation(f"Another {number}", variant=variant)
        invitee = factories.make_invitee(cycle, organisation)
        if number < 2:
            factories.make_own_tool_return(invitee)
    took_part = get_public_overview(cycle).document["participation"]
    names = ("invited", "submitted", "submitted_with_answers", "own_tool", "not_submitted")
    assert [took_part[name] for name in names] == [19, 18, 16, 2, 1]
    assert took_part["not_in_scores"] == 0
    standard, health = took_part["variants"]
    assert [standard[name] for name in names] == [11, 11, 10, 1, 0]
    assert [health[name] for name in names] == [8, 7, 6, 1, 1]


def test_what_has_no_score_of_the_series_is_counted(cycle: Cycle) -> None:
    document = get_public_overview(cycle, Series.MODERATED).document
    assert (document["all"]["audits"], document["participation"]["not_in_scores"]) == (0, 16)
