"""The column maps: those that are shipped, and what is wrong in one of somebody's own."""

from __future__ import annotations

import pytest

from s11.organisations.enums import Register, RegisterLineKind, Variant
from s11.organisations.models import Organisation
from s11.organisations.registers.maps import IDENTIFIERS, parse_map, read_map
from s11.organisations.registers.plan import Kind
from s11.organisations.registers.refusals import Refused

OWN = 'title = "Own"\nidentifier = "ods_code"\nvariant = "health"\n[columns]\nidentifier = ["Id"]\nname = ["Name"]\n'


@pytest.mark.parametrize("register", Register)
def test_shipped_maps(register: Register) -> None:
    columns = read_map(register)
    assert columns.variant in Variant
    assert columns.identifier in {field.name for field in Organisation._meta.fields}
    assert columns.register == register


def test_kinds_are_those_of_the_table() -> None:
    assert [kind.value for kind in Kind] == RegisterLineKind.values
    assert set(IDENTIFIERS) <= {field.name for field in Organisation._meta.fields}


def test_a_map_of_ones_own() -> None:
    columns = parse_map("ods", OWN)
    assert (columns.columns["name"], columns.is_statutory, columns.has_header) == (("Name",), False, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "is not TOML"),
        (OWN.replace("title", "titel"), "‘titel’ is unknown or of the wrong kind"),
        (OWN.replace('"Own"', "7"), "‘title’ is unknown or of the wrong kind"),
        (OWN.replace('title = "Own"\n', ""), "lacks title"),
        (OWN.replace("ods_code", "postcode"), "an identifier is one of urn, ods_code"),
        (OWN + 'head = ["HeadLastName"]\n', "under [columns] stand identifier, name"),
        (OWN.replace('["Id"]', '"Id"'), "under [columns] stand identifier, name"),
        (OWN + '[[parents]]\ncode = "C"\n', "each of [[parents]] has a code and a name"),
        (OWN + '[statuses]\nsold = "gone"\n', "a status means one of closed, closing, open, proposed"),
        (OWN + '[leave_out]\nKind = "x"\n', "under [leave_out] stand columns"),
    ],
)
def test_what_is_wrong_in_a_map_is_said(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_map("ods", text)
    assert str(refused.value).startswith("The column map of ods")
    assert said in str(refused.value)
