"""Tables that go out as files and come back: as they were they change nothing; else exactly what the preview says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from s11.organisations.enums import ContactKind, MembershipRole, Variant
from s11.organisations.models import Contact, Membership, Organisation, Participation
from s11.web.errors import NotInThisState
from surveys.enums import DocumentFormat
from surveys.resources.base import FileRow, PartnershipResource
from surveys.resources.columns import KEY, Column
from surveys.resources.files import escape, unescape
from surveys.resources.organisations import SHARED
from surveys.resources.rows import Kind
from tests import factories
from tests.conftest import Cast
from tests.surveys.table_files import make_rows, make_table, read_back, save, say

FORMATS = (DocumentFormat.CSV, DocumentFormat.XLSX)
TABLES = ("organisations", "contacts", "participation")
HOSTILE = (
    '=HYPERLINK("http://bad.example")',
    "'=already quoted",
    "''+twice",
    '-2 Sure Start, "The Limes"',
    "@home",
    "Ysgol Gymraeg Dŵr y Felin",
    "Sœurs d’Élan – 小学校 🏫",
    "  around  ",
    "'Tis a school",
    "a;b,c\td",
    "_x0041_ and x",
    "007",
    "1e5",
    "true",
    "2027-03-31",
    "two\nlines\r\nthree",
)


def make_cycle(cast: Cast, **more: Any) -> Any:
    bank = factories.make_questionnaire()
    return factories.make_cycle(cast.partnership, slug="now", questionnaires=(bank,), **more)


@pytest.fixture
def full(cast: Cast) -> dict[str, PartnershipResource]:
    """Each table with a row for every name that is hard to carry."""
    cycle = make_cycle(cast)
    for position, name in enumerate(HOSTILE):
        place = factories.make_organisation(name, partnership=cast.partnership)
        Participation.objects.filter(organisation=place).update(local_name=HOSTILE[-position])
        factories.make_invitee(cycle, place)
        Contact.objects.create(
            participation=place.participations.get(),
            kind=ContactKind.OTHER,
            name=name,
            email=f"c{position}@x.example",
            job_title=HOSTILE[-position],
        )
    return {
        slug: make_table(cast, slug, **({"cycle": cycle} if slug == "participation" else {}))
        for slug in TABLES
    }


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("slug", TABLES)
def test_a_file_that_comes_back_as_it_was_changes_nothing(
    full: dict[str, PartnershipResource], slug: str, file_format: DocumentFormat
) -> None:
    rows = read_back(full[slug], file_format)
    preview = full[slug].preview(rows)
    assert preview.faults == []
    assert preview.lines == []
    assert preview.counts[Kind.UNCHANGED] == len(rows) >= len(HOSTILE)
    assert not preview.can_be_confirmed


class Names(PartnershipResource):
    """A table of texts alone, without a database."""

    slug, title, hint = "names", "Names", ""
    key = Column(KEY, "pk")
    name = Column("Name", "name")
    rows: tuple[Any, ...] = ()

    class Meta(PartnershipResource.Meta):
        model = Organisation

    def get_rows(self) -> Any:
        return self.rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=50), min_size=1, max_size=8), st.sampled_from(FORMATS))
def test_no_text_changes_on_its_way_out_and_back(names: list[str], file_format: DocumentFormat) -> None:
    nobody: Any = SimpleNamespace(pk=1)
    table = Names(partnership=nobody, by=nobody)
    table.rows = tuple(SimpleNamespace(pk=pk, name=name) for pk, name in enumerate(names, start=1))
    preview = table.preview(read_back(table, file_format))
    assert (preview.faults, preview.lines) == ([], [])
    assert preview.counts[Kind.UNCHANGED] == len(names)


@given(st.text(alphabet="'=+-@\ta", max_size=8))
def test_what_is_escaped_is_itself_again_and_never_a_formula(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


# Organisations --------------------------------------------------------------------------------------------------------


def leaderless(cast: Cast, name: str = "Quay School", **facts: Any) -> Organisation:
    return factories.make_organisation(name, partnership=cast.partnership, **facts)


def test_local_facts_change_always_and_national_ones_where_nobody_else_answers(cast: Cast) -> None:
    place = leaderless(cast, slug="quay", urn="123456")
    table = make_table(cast, "organisations")
    rows = make_rows(
        {
            "Key": "anchor",
            "Name": "Anchor Ltd",
            "Name here": "The Anchor",
            "Statutory": "no",
            "Takes part": "yes",
            "URN": "",
            "Variant": "health",
            "Part of": "",
        },
        {
            "Key": "quay",
            "Name": "Quay Academy",
            "Name here": "",
            "Statutory": "yes",
            "Takes part": "no",
            "URN": "654321",
            "Variant": "School",
            "Part of": "anchor",
        },
    )
    preview = save(table, rows)
    health, school, standard = (
        str(Variant(one).label) for one in (Variant.HEALTH, Variant.SCHOOL, Variant.STANDARD)
    )
    assert say(preview, Kind.CHANGED) == [
        (
            "Anchor Trust: Name Anchor Trust > Anchor Ltd (it has a lead, who changes its name; write your own name "
            f"for it under Name here); Name here  > The Anchor; Variant {standard} > {health}; Statutory yes > no"
        ),
        (
            f"Quay School: Name Quay School > Quay Academy; Variant {standard} > {school}; Takes part yes > no; "
            "URN 123456 > 654321; Part of  > anchor"
        ),
    ]
    cast.organisation.refresh_from_db()
    place.refresh_from_db()
    assert (cast.organisation.name, cast.organisation.variant) == ("Anchor Trust", Variant.HEALTH)
    assert cast.organisation.participations.get().local_name == "The Anchor"
    assert (place.name, place.urn, place.parent) == ("Quay Academy", "654321", cast.organisation)
    assert not place.participations.get().is_active


def test_what_another_partnership_has_too_is_for_an_operator(cast: Cast) -> None:
    place = leaderless(cast, slug="quay")
    elsewhere = Participation.objects.create(partnership=cast.elsewhere, organisation=place)
    table = make_table(cast, "organisations")
    rows = make_rows(
        {"Key": "quay", "Name": "Mine", "URN": "123456", "Variant": "school", "Statutory": "yes"},
    )
    preview = table.preview(rows)
    assert [one.held for one in preview.list(Kind.HELD)[0].changes] == [SHARED] * 3
    assert not preview.can_be_confirmed
    rows = make_rows({"Key": "quay", "Name": "Mine", "Statutory": "no"})
    save(table, rows)
    place.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (place.name, place.participations.get(partnership=cast.partnership).is_statutory) == (
        "Quay School",
        False,
    )
    assert elsewhere.is_statutory is False


def test_new_rows_are_organisations_and_those_that_are_known_by_an_identifier(cast: Cast) -> None:
    known = factories.make_organisation("Far School", partnership=cast.elsewhere, urn="111111")
    here = leaderless(cast, slug="quay", urn="222222")
    table = make_table(cast, "organisations")
    new = {"Key": "", "Variant": "School", "Statutory": "yes", "Takes part": "yes"}
    preview = save(
        table,
        make_rows(
            {**new, "Name": "Brook School", "URN": "333333", "Leads": "a@x.example; b@x.example"},
            {**new, "Name": "Far School, as we say", "URN": "111111", "Leads": "c@x.example"},
            {**new, "Name": "Quay School", "URN": "222222", "Leads": ""},
        ),
    )
    assert [line.name for line in preview.list(Kind.ADDED)] == ["Brook School", "Far School, as we say"]
    assert [line.notes for line in preview.list(Kind.ADDED)] == [
        ("The new lead acts for it at once.",),
        (
            "It is known already as Far School, and keeps its name, variant and identifiers.",
            "The new lead waits to be accepted.",
        ),
    ]
    assert [line.name for line in preview.list(Kind.CHANGED)] == ["Quay School"]
    brook = Organisation.objects.get(urn="333333")
    active = brook.memberships.active().filter(role=MembershipRole.LEAD)
    assert {one.user.email for one in active} == {"a@x.example", "b@x.example"}
    place = known.participations.get(partnership=cast.partnership)
    assert place.local_name == "Far School, as we say"
    assert known.memberships.get().is_request
    here.refresh_from_db()
    assert here.variant == Variant.SCHOOL


def test_an_identifier_in_small_letters_is_the_same(cast: Cast) -> None:
    """As the pages keep it: a second organisation would be made else, and no register would know the first."""
    known = factories.make_organisation("Far Surgery", partnership=cast.elsewhere)
    Organisation.objects.filter(pk=known.pk).update(ods_code="RJ1")
    new = {"Variant": "Health", "Statutory": "yes"}
    rows = make_rows(
        {**new, "Name": "Far Surgery", "ODS code": "rj1", "Ofsted number": ""},
        {**new, "Name": "Near Home", "ODS code": "", "Ofsted number": "sc1"},
        {**new, "Name": "Other Home", "ODS code": "", "Ofsted number": "SC2"},
    )
    rows = [FileRow(row.line, {"Key": "", **row.cells}) for row in rows]
    save(make_table(cast, "organisations"), rows)
    assert known.participations.filter(partnership=cast.partnership).exists()
    assert Organisation.objects.get(name="Near Home").ofsted_number == "SC1"
    again = make_table(cast, "organisations").preview(rows)
    assert (again.faults, again.counts[Kind.ADDED]) == ([], 0)


def test_a_lead_comes_by_tenancys_rule_and_nobody_is_ended(cast: Cast) -> None:
    place = leaderless(cast, slug="quay")
    gone = factories.make_member("gone@quay.example", organisation=place)
    Membership.objects.filter(user=gone).update(ended_at=timezone.now())
    table = make_table(cast, "organisations")
    preview = save(
        table,
        make_rows(
            {"Key": "quay", "Leads": "new@quay.example"},
            {"Key": "anchor", "Leads": "lead@anchor.example;second@anchor.example"},
            {"Key": "beacon", "Leads": ""},
        ),
    )
    assert [line.notes for line in preview.list(Kind.CHANGED)] == [
        ("The new lead acts for it at once.",),
        ("The new lead waits to be accepted.",),
    ]
    assert "a file ends nobody" in say(preview, Kind.HELD)[0]
    assert Membership.objects.get(user__email="new@quay.example").is_active
    assert Membership.objects.get(user__email="second@anchor.example").is_request
    assert cast.other_organisation.has_lead()
    leads = "gone@quay.example; new@quay.example"
    assert (
        "has ended gone@quay.example"
        in say(table.preview(make_rows({"Key": "quay", "Leads": leads})), Kind.HELD)[0]
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            {"Key": "nobody"},
            'line 2, Key: nothing here has the key "nobody"; leave it empty to add a new row',
        ),
        ({"Key": "far"}, 'line 2, Key: nothing here has the key "far"'),
        (
            {"Key": "anchor", "Statutory": "maybe"},
            'line 2, Statutory: "maybe" is not yes or no; write yes or no',
        ),
        ({"Key": "anchor", "URN": "12"}, 'line 2, URN: "12" is not a URN; write its six digits'),
        ({"Key": "quay", "URN": "111111"}, 'line 2, URN: it is that of "Far School"; check both of them'),
        ({"Key": "quay", "Part of": "far"}, 'line 2, Part of: nothing here has the key "far"'),
        ({"Key": "quay", "Part of": "quay"}, "line 2, Part of: it is its own key"),
        ({"Key": "quay", "Variant": "church"}, 'line 2, Variant: "church" is not a variant; write one of'),
        ({"Key": "quay", "Leads": "no address"}, 'line 2, Leads: "no address" is not an e-mail address'),
        ({"Key": "", "Name": "X"}, "line 2, Variant: it is empty; write it in, for a new row needs it"),
        (
            {"Key": "", "Name": "quay school", "Variant": "School", "Statutory": "no"},
            "line 2, Name: an organisation here has this name; write its key, quay,",
        ),
        (
            {"Key": "", "Name": "Y", "Variant": "School", "Statutory": "no", "Takes part": "no"},
            "line 2, Takes part: a new organisation takes part",
        ),
        (
            {
                "Key": "",
                "Name": "Y",
                "Variant": "School",
                "Statutory": "no",
                "URN": "111111",
                "ODS code": "A1",
            },
            "line 2, URN: the identifiers are those of",
        ),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value)[8:30],
)
def test_each_wrong_cell_is_one_sentence(cast: Cast, row: dict[str, str], fault: str) -> None:
    leaderless(cast, slug="quay")
    far = factories.make_organisation("Far School", slug="far", partnership=cast.elsewhere, urn="111111")
    Organisation.objects.filter(pk=far.pk).update(urn="111111")
    Organisation.objects.create(name="Odd", variant=Variant.HEALTH, ods_code="A1")
    preview = make_table(cast, "organisations").preview(make_rows(row))
    assert preview.faults[0].startswith(fault), preview.faults
    assert not preview.can_be_confirmed


def test_the_same_row_twice_is_a_fault_of_the_second(cast: Cast) -> None:
    new = {"Key": "", "Name": "Brook", "Variant": "School", "Statutory": "no", "URN": "333333"}
    rows = make_rows(
        new, {**new, "Name": "Other"}, {**new, "Key": "anchor", "URN": ""}, {**new, "Key": "anchor"}
    )
    preview = make_table(cast, "organisations").preview(rows)
    assert preview.faults == [
        'line 3, URN: "333333" stands on line 2 already; keep it on one of the two',
        "line 5, Key: it is the same row as on line 4; keep one of the two",
    ]


def test_nothing_is_saved_when_what_was_seen_is_no_longer_what_it_does(cast: Cast) -> None:
    table = make_table(cast, "organisations")
    rows = make_rows({"Key": "anchor", "Statutory": "no"}, {"Key": "beacon", "Statutory": "no"})
    seen = table.preview(rows).fingerprint
    Participation.objects.filter(organisation=cast.organisation).update(is_statutory=False)
    with pytest.raises(NotInThisState, match="changed here meanwhile"):
        table.save_rows(rows, seen)
    assert cast.other_organisation.participations.get().is_statutory
