"""Organisations, people and invitations from a file: what is made, what stays, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import Membership, Organisation, Participation, Partnership, User
from surveys.enums import Obligation
from surveys.models import Cycle, Invitee
from tests import factories
from tests.surveys.import_files import make_organisations, refuse, run

pytestmark = pytest.mark.django_db
COMMAND = "import_organisations"


@pytest.fixture
def harbour() -> Partnership:
    return factories.make_partnership("Harbour", slug="harbour")


@pytest.fixture
def moorland() -> Partnership:
    return factories.make_partnership("Moorland", slug="moorland")


@pytest.fixture
def cycle(harbour: Partnership) -> Cycle:
    banks = tuple(factories.make_questionnaire(variant) for variant in (Variant.STANDARD, Variant.SCHOOL))
    return factories.make_cycle(harbour, questionnaires=banks)


def get_roles(organisation: Organisation) -> dict[str, tuple[str, bool]]:
    """By address: the role, and whether it is active."""
    return {
        one.user.email: (one.role, one.is_active)
        for one in organisation.memberships.filter(ended_at=None).select_related("user")
    }


# What a new organisation gets -------------------------------------------------------------------------------


def test_new_organisations_with_their_people(tmp_path: Path) -> None:
    path = make_organisations(
        tmp_path,
        "Anchor Trust,standard,yes,,lead@anchor.example; Deputy@Anchor.Example ;",
        "  Beacon School , school,no,123456,head@beacon.example",
        "Cove Club,care_home,no,,",
    )
    said = run(COMMAND, path)
    assert said == "3 organisations: 3 new, 0 changed, 0 as before; 3 people: 3 new roles.\n"
    anchor, beacon, cove = Organisation.objects.order_by("name")
    assert [(one.name, one.variant, one.urn) for one in (anchor, beacon, cove)] == [
        ("Anchor Trust", Variant.STANDARD, ""),
        ("Beacon School", Variant.SCHOOL, "123456"),
        ("Cove Club", Variant.CARE_HOME, ""),
    ]
    assert list(
        Participation.objects.values_list("organisation__name", "is_statutory", "is_active", "local_name")
    ) == [
        ("Anchor Trust", True, True, ""),
        ("Beacon School", False, True, ""),
        ("Cove Club", False, True, ""),
    ]
    assert get_roles(anchor) == {
        "lead@anchor.example": (MembershipRole.LEAD, True),
        "deputy@anchor.example": (MembershipRole.CONTRIBUTOR, True),
    }
    assert get_roles(beacon) == {"head@beacon.example": (MembershipRole.LEAD, True)}
    assert get_roles(cove) == {}


def test_people_sign_in_first_by_password_reset_and_get_no_mail(
    tmp_path: Path,
    moorland: Partnership,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Nor do those who must accept a request."""
    shared = factories.make_organisation("Shared School", partnership=moorland, urn="111111")
    factories.make_member("head@shared.example", organisation=shared)
    factories.make_officer("officer@moorland.example", partnership=moorland)
    path = make_organisations(
        tmp_path,
        "Anchor Trust,standard,yes,,lead@anchor.example",
        "Shared School,standard,yes,111111,other@shared.example",
    )
    with django_capture_on_commit_callbacks(execute=True):
        run(COMMAND, path)
    assert mailoutbox == []
    lead = User.objects.get(email="lead@anchor.example")
    assert not lead.has_usable_password()
    assert lead.is_active


def test_one_person_may_act_for_several_organisations(tmp_path: Path) -> None:
    path = make_organisations(tmp_path, "A,standard,no,,x@example.org", "B,standard,no,,X@EXAMPLE.ORG")
    assert "1 person: 2 new roles." in run(COMMAND, path)
    assert User.objects.get().memberships.count() == 2


def test_an_address_named_twice_in_a_row_is_one_person(tmp_path: Path) -> None:
    path = make_organisations(tmp_path, "A,standard,no,,x@example.org;y@example.org; X@Example.org")
    assert "2 people: 2 new roles." in run(COMMAND, path)
    assert get_roles(Organisation.objects.get()) == {
        "x@example.org": (MembershipRole.LEAD, True),
        "y@example.org": (MembershipRole.CONTRIBUTOR, True),
    }


def test_cells_are_stored_as_the_text_they_are(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "<script>alert(1)</script>", "'; DROP TABLE x; --", "{{ 7 * 7 }}", "../../etc"]
    run(COMMAND, make_organisations(tmp_path, *(f'"{name}",standard,no,,' for name in names)))
    assert set(Organisation.objects.values_list("name", flat=True)) == set(names)


# Invitations ------------------------------------------------------------------------------------------------


def test_they_are_invited_under_their_variant(tmp_path: Path, cycle: Cycle) -> None:
    path = make_organisations(tmp_path, "A,standard,yes,,", "B,school,no,,")
    assert "2 invited to 2026, 0 invited before." in run(COMMAND, path, cycle="2026")
    assert list(
        Invitee.objects.values_list(
            "organisation__name", "cycle", "cycle_questionnaire__variant", "obligation"
        )
    ) == [
        ("A", cycle.pk, Variant.STANDARD, Obligation.MUST),
        ("B", cycle.pk, Variant.SCHOOL, Obligation.MAY),
    ]


def test_without_a_cycle_nobody_is_invited(tmp_path: Path, cycle: Cycle) -> None:
    run(COMMAND, make_organisations(tmp_path, "A,standard,yes,,"))
    assert not Invitee.objects.exists()


def test_a_variant_that_the_cycle_does_not_ask(tmp_path: Path, cycle: Cycle) -> None:
    path = make_organisations(tmp_path, "A,health,yes,,")
    said = refuse(COMMAND, path, cycle="2026")
    assert "line 2, variant: 2026 asks nothing of the variant health; use one that it asks" in said
    run(COMMAND, path)
    assert Organisation.objects.get().variant == Variant.HEALTH


def test_another_variant_moves_an_invitation_until_the_audit_has_begun(tmp_path: Path, cycle: Cycle) -> None:
    run(COMMAND, make_organisations(tmp_path, "A,standard,yes,,"), cycle="2026")
    school = make_organisations(tmp_path, "A,school,yes,,")
    assert "0 new, 1 changed, 0 as before" in run(COMMAND, school, cycle="2026")
    assert Organisation.objects.get().variant == Variant.SCHOOL
    assert Invitee.objects.get().cycle_questionnaire.variant == Variant.SCHOOL
    factories.make_audit(cycle, Organisation.objects.get())
    standard = make_organisations(tmp_path, "A,standard,yes,,")
    said = refuse(COMMAND, standard, cycle="2026")
    assert "line 2, variant: it answers 2026 as school and has begun; write school" in said
    # The organisation may change; its audit's variant is that of the invitation.
    run(COMMAND, standard)
    assert Organisation.objects.get().variant == Variant.STANDARD
    assert Invitee.objects.get().cycle_questionnaire.variant == Variant.SCHOOL


# Again ------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(tmp_path: Path, cycle: Cycle, moorland: Partnership) -> None:
    factories.make_organisation("Their Shared School", partnership=moorland, urn="222222")
    path = make_organisations(
        tmp_path,
        "A,standard,yes,,x@example.org;y@example.org",
        "B,school,no,111111,x@example.org",
        "Shared,school,no,222222,z@example.org",
    )
    first = run(COMMAND, path, cycle="2026")
    assert "3 new, 0 changed, 0 as before; 3 people: 3 new roles." in first
    assert "1 role waiting: the organisation's lead must accept" in first
    before = [model.objects.count() for model in (Organisation, Participation, Membership, User, Invitee)]
    assert run(COMMAND, path, cycle="2026").splitlines() == [
        "3 organisations: 0 new, 0 changed, 3 as before; 3 people: 0 new roles.",
        "0 invited to 2026, 3 invited before.",
        "Nothing changed.",
    ]
    assert before == [
        model.objects.count() for model in (Organisation, Participation, Membership, User, Invitee)
    ]


def test_an_old_file_brings_nobody_back_who_has_left(tmp_path: Path) -> None:
    path = make_organisations(tmp_path, "A,standard,yes,,x@example.org;y@example.org")
    run(COMMAND, path)
    Membership.objects.filter(user__email="x@example.org").update(ended_at=timezone.now())
    said = run(COMMAND, path)
    assert "1 role left out, because somebody has ended it: invite the person again." in said
    assert "Nothing changed." in said
    assert get_roles(Organisation.objects.get()) == {"y@example.org": (MembershipRole.CONTRIBUTOR, True)}


def test_who_has_another_role_there_needs_none_as_contributor(tmp_path: Path, harbour: Partnership) -> None:
    anchor = factories.make_organisation("A", partnership=harbour)
    factories.make_member("x@example.org", organisation=anchor, role=MembershipRole.VIEWER)
    factories.make_member("y@example.org", organisation=anchor, role=MembershipRole.SIGNATORY)
    run(COMMAND, make_organisations(tmp_path, "A,standard,yes,,x@example.org;y@example.org"))
    assert set(anchor.memberships.values_list("user__email", "role")) == {
        ("x@example.org", MembershipRole.VIEWER),
        ("x@example.org", MembershipRole.LEAD),
        ("y@example.org", MembershipRole.SIGNATORY),
    }


def test_local_facts_follow_the_file(tmp_path: Path, harbour: Partnership, moorland: Partnership) -> None:
    anchor = factories.make_organisation("A", partnership=harbour)
    Participation.objects.create(partnership=moorland, organisation=anchor, is_statutory=True)
    Participation.objects.filter(partnership=harbour).update(is_active=False)
    assert "0 new, 1 changed" in run(COMMAND, make_organisations(tmp_path, "A,standard,no,,"))
    assert harbour.participations.values_list("is_active", "is_statutory").get() == (True, False)
    assert moorland.participations.values_list("is_active", "is_statutory").get() == (True, True)


def test_national_facts_are_changed_also_where_another_partnership_has_it(
    tmp_path: Path, harbour: Partnership, moorland: Partnership
) -> None:
    """A file loaded on a page must not; a command is an operator's."""
    anchor = factories.make_organisation("A", partnership=harbour)
    Participation.objects.create(partnership=moorland, organisation=anchor)
    assert "0 new, 1 changed" in run(COMMAND, make_organisations(tmp_path, "A,school,yes,111111,"))
    anchor.refresh_from_db()
    assert (anchor.variant, anchor.urn) == (Variant.SCHOOL, "111111")
    # An empty cell takes nothing away.
    run(COMMAND, make_organisations(tmp_path, "A,school,yes,,"))
    anchor.refresh_from_db()
    assert anchor.urn == "111111"


# Which organisation a row means -----------------------------------------------------------------------------


def test_a_urn_finds_it_wherever_it_is_and_its_name_stays(
    tmp_path: Path, harbour: Partnership, moorland: Partnership
) -> None:
    school = factories.make_organisation("Saint Mary’s", partnership=moorland, urn="111111")
    assert "1 new" in run(COMMAND, make_organisations(tmp_path, "St Mary's,standard,yes,111111,"))
    assert Organisation.objects.get() == school
    assert harbour.participations.get().local_name == "St Mary's"
    assert moorland.participations.get().local_name == ""
    # What this partnership calls it finds it too, and its own name leaves that alone.
    assert "Nothing changed." in run(COMMAND, make_organisations(tmp_path, "St Mary's,standard,yes,,"))
    assert "Nothing changed." in run(COMMAND, make_organisations(tmp_path, "Saint Mary’s,standard,yes,,"))
    school.refresh_from_db()
    assert school.name == "Saint Mary’s"


def test_a_name_finds_it_in_this_partnership_alone_and_exactly(
    tmp_path: Path, harbour: Partnership, moorland: Partnership
) -> None:
    theirs = factories.make_organisation("Anchor Trust", partnership=moorland)
    run(COMMAND, make_organisations(tmp_path, "Anchor Trust,standard,yes,,"))
    ours = harbour.participations.get().organisation
    assert ours != theirs
    run(COMMAND, make_organisations(tmp_path, "Anchor trust,standard,yes,,"))
    assert harbour.participations.count() == 2
    run(COMMAND, make_organisations(tmp_path, "Anchor Trust,standard,yes,333333,"))
    ours.refresh_from_db()
    assert ours.urn == "333333"
    assert harbour.participations.count() == 2


def test_two_schools_of_one_name_are_told_apart_by_urn(tmp_path: Path, harbour: Partnership) -> None:
    path = make_organisations(tmp_path, "St Mary's,school,yes,111111,", "St Mary's,school,yes,222222,")
    assert "2 new" in run(COMMAND, path)
    assert "Nothing changed." in run(COMMAND, path)
    said = refuse(COMMAND, make_organisations(tmp_path, "St Mary's,school,yes,,"))
    assert (
        "line 2, name: several organisations here have this name; write the URN of the one you mean" in said
    )


def test_another_urn_is_another_school_of_the_same_name(tmp_path: Path, harbour: Partnership) -> None:
    first = factories.make_organisation("St Mary's", slug="first", partnership=harbour, urn="111111")
    run(COMMAND, make_organisations(tmp_path, "St Mary's,school,yes,222222,"))
    assert set(Organisation.objects.filter(name="St Mary's").values_list("urn", flat=True)) == {
        "111111",
        "222222",
    }
    first.refresh_from_db()
    assert first.urn == "111111"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "Anchor Trust,standard,yes,111111,",
            'line 2, urn: the URN is that of "Beacon School", and another organisation here has this name',
        ),
    ],
)
def test_a_row_that_contradicts_what_is_there(
    tmp_path: Path, harbour: Partnership, row: str, said: str
) -> None:
    factories.make_organisation("Anchor Trust", partnership=harbour)
    factories.make_organisation("Beacon School", partnership=harbour, urn="111111")
    assert said in refuse(COMMAND, make_organisations(tmp_path, row))


def test_two_rows_that_mean_the_same_organisation(tmp_path: Path, harbour: Partnership) -> None:
    factories.make_organisation("Anchor Trust", partnership=harbour, urn="111111")
    path = make_organisations(tmp_path, "Anchor Trust,standard,yes,,", "The Anchor,standard,yes,111111,")
    said = refuse(COMMAND, path)
    assert "line 3, urn: it is the same organisation as on line 2; keep one of the two rows" in said


# Tenancy's rule ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "at_once"),
    [((), True), (("lead",), False), (("elsewhere",), False), (("lead", "elsewhere"), False)],
)
def test_who_joins_an_organisation_that_exists(
    tmp_path: Path,
    harbour: Partnership,
    moorland: Partnership,
    before: tuple[str, ...],
    at_once: bool,
) -> None:
    anchor = factories.make_organisation("Anchor Trust", partnership=harbour)
    if "lead" in before:
        factories.make_member("old@anchor.example", organisation=anchor)
    if "elsewhere" in before:
        Participation.objects.create(partnership=moorland, organisation=anchor)
    path = make_organisations(tmp_path, "Anchor Trust,standard,yes,,new@anchor.example;deputy@anchor.example")
    said = run(COMMAND, path)
    assert ("2 new roles." in said) == at_once
    assert ("2 roles waiting" in said) != at_once
    roles = get_roles(anchor)
    assert roles["new@anchor.example"] == (MembershipRole.LEAD, at_once)
    assert roles["deputy@anchor.example"] == (MembershipRole.CONTRIBUTOR, at_once)


def test_one_that_only_another_partnership_has_gets_requests(tmp_path: Path, moorland: Partnership) -> None:
    anchor = factories.make_organisation("Anchor Trust", partnership=moorland, urn="111111")
    run(COMMAND, make_organisations(tmp_path, "Anchor Trust,standard,yes,111111,new@anchor.example"))
    request = anchor.memberships.get()
    assert request.is_request
    assert request.requested_through == Partnership.objects.get(slug="harbour")


def test_officers_of_the_partnership_are_untouched(tmp_path: Path, harbour: Partnership) -> None:
    officer = factories.make_officer("officer@harbour.example", partnership=harbour)
    run(COMMAND, make_organisations(tmp_path, "Anchor Trust,standard,yes,,officer@harbour.example"))
    assert officer.offices.get().role == OfficerRole.ADMINISTRATOR
    assert officer.memberships.get().role == MembershipRole.LEAD
