"""The rows of an organisations file, each checked by itself and against the rows before it: no database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from s11.organisations.enums import Variant
from s11.organisations.models import User
from surveys.imports.csv_files import CsvFile, Faults, Row, Wrong
from surveys.yaml_nodes import shown

COLUMNS: Final = ("name", "variant", "statutory", "urn", "emails")
YES_NO: Final = {"yes": True, "no": False}
# What the database's columns hold; a test compares them.
NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation as the file has it. The first of its e-mail addresses is the lead's."""

    line: int
    name: str
    variant: Variant
    is_statutory: bool
    urn: str
    emails: tuple[str, ...]


def read_organisation_rows(file: CsvFile, faults: Faults) -> list[OrganisationRow]:
    """The rows that are right by themselves; for the others a fault for each wrong cell."""
    found = [_read_row(row, faults) for row in file.rows(faults)]
    rows = [row for row in found if row is not None]
    _check_unique(rows, faults)
    return rows


def _check_unique(rows: list[OrganisationRow], faults: Faults) -> None:
    """Two schools may share a name, and then their URNs tell them apart; without a URN the name must."""
    by_name: dict[str, OrganisationRow] = {}
    by_urn: dict[str, OrganisationRow] = {}
    for row in rows:
        first = by_urn.setdefault(row.urn or f"line {row.line}", row)
        if first is not row:
            what = f"{row.urn} stands on line {first.line} already"
            faults.add(
                row.line, "urn", Wrong(what, "keep one row for each organisation, and its own URN in it")
            )
        first = by_name.setdefault(row.name, row)
        if first is not row and not (row.urn and first.urn):
            what = f"{shown(row.name)} stands on line {first.line} already"
            faults.add(row.line, "name", Wrong(what, "keep one of the two rows, or write a URN in both"))


def _read_row(row: Row, faults: Faults) -> OrganisationRow | None:
    name = faults.read(row, "name", read_name)
    variant = faults.read(row, "variant", read_variant)
    is_statutory = faults.read(row, "statutory", read_yes_no)
    urn = faults.read(row, "urn", read_urn)
    emails = faults.read(row, "emails", read_emails)
    if name is None or variant is None or is_statutory is None or urn is None or emails is None:
        return None
    return OrganisationRow(row.line, name, variant, is_statutory, urn, emails)


def read_name(text: str) -> str:
    if not text:
        raise Wrong("it is empty", "write the organisation's name")
    if len(text) > NAME_LENGTH:
        raise Wrong(f"the name has {len(text)} characters", f"use at most {NAME_LENGTH}")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise Wrong(f"{shown(text)} has a line break or a tab in it", "write the name on one line")
    return text


def read_variant(text: str) -> Variant:
    if text not in Variant.values:
        raise Wrong(_described(text, "a variant"), f"write one of {', '.join(Variant.values)}")
    return Variant(text)


def read_yes_no(text: str) -> bool:
    if text not in YES_NO:
        raise Wrong(_described(text, "yes or no"), "write yes where the law names the organisation, else no")
    return YES_NO[text]


def read_urn(text: str) -> str:
    if text and not re.fullmatch("[0-9]{6}", text):
        raise Wrong(f"{shown(text)} is not a URN", "write its six digits, such as 123456, or leave it empty")
    return text


def read_emails(text: str) -> tuple[str, ...]:
    """In order, each once: whoever is named twice is one person, with the first of the two roles."""
    emails = [User.objects.normalize_email(part) for part in text.split(";")]
    for email in filter(None, emails):
        try:
            validate_email(email)
        except ValidationError:
            right = "write addresses such as lead@example.org, separated by semicolons"
            raise Wrong(f"{shown(email)} is not an e-mail address", right) from None
        if len(email) > EMAIL_LENGTH:
            raise Wrong(f"{shown(email)} has {len(email)} characters", f"use at most {EMAIL_LENGTH}")
    return tuple(dict.fromkeys(filter(None, emails)))


def _described(text: str, what: str) -> str:
    return f"{shown(text)} is not {what}" if text else "it is empty"
