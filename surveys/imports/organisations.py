"""Organisations, their people and their invitations to a cycle, from a CSV file.

Of the whole file the names, numbers and addresses are held in memory: an area has some hundreds of organisations, the
country tens of thousands. Rows of the database are held a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction

from s11.organisations.models import Organisation, Partnership
from surveys.imports.csv_files import CsvFile, Faults, Wrong
from surveys.imports.cycles import CycleOptions, get_or_make_cycle, get_or_make_partnership
from surveys.imports.organisation_rows import COLUMNS, OrganisationRow, read_organisation_rows
from surveys.imports.organisation_writing import Invitations, OrganisationsImported, Writer
from surveys.yaml_nodes import shown

# How many URNs are asked for in one query: a database takes only so many parameters.
AT_ONCE: Final = 500


def import_organisations(
    path: Path, *, partnership: str, cycle: CycleOptions | None = None
) -> OrganisationsImported:
    """Raises Refused, having changed nothing."""
    file = CsvFile(path, COLUMNS)
    faults = Faults()
    rows = read_organisation_rows(file, faults)
    with transaction.atomic():
        place = get_or_make_partnership(partnership)
        into = get_or_make_cycle(place, cycle) if cycle else None
        known = KnownOrganisations(place, (row.urn for row in rows))
        invitations = Invitations(into) if into else None
        matches = _match(rows, known, invitations, faults)
        faults.refuse_if_any(file.name)
        done = OrganisationsImported(
            cycle=into.slug if into else "", people=len({email for row in rows for email in row.emails})
        )
        Writer(place, matches, invitations, done).write(rows)
        if into:
            done.invited_before = len(rows) - done.invited
    return done


class Known(NamedTuple):
    """An organisation, as far as a row can name it."""

    pk: int
    name: str
    urn: str


class KnownOrganisations:
    """What the rows can mean: by URN anywhere, else by the name that an organisation has in this partnership."""

    def __init__(self, partnership: Partnership, urns: Iterable[str]) -> None:
        self._by_name: dict[str, set[Known]] = {}
        here = partnership.participations.order_by().values_list(
            "organisation", "organisation__name", "organisation__urn", "local_name"
        )
        for pk, name, urn, local_name in here.iterator():
            one = Known(pk, name, urn)
            for called in {name, local_name}:
                self._by_name.setdefault(called, set()).add(one)
        listed = [urn for urn in urns if urn]
        self._by_urn = {
            urn: Known(pk, name, urn)
            for start in range(0, len(listed), AT_ONCE)
            for pk, name, urn in Organisation.objects.filter(urn__in=listed[start : start + AT_ONCE])
            .order_by()
            .values_list("pk", "name", "urn")
        }

    def find(self, row: OrganisationRow) -> Known | None:
        named = self._by_name.get(row.name, set())
        known = self._by_urn.get(row.urn)
        if known:
            # Two schools may share a name, but then each has its URN.
            if any(other != known and not other.urn for other in named):
                raise Wrong(
                    f"the URN is that of {shown(known.name)}, and another organisation here has this name",
                    "write the URN of the one you mean, or leave it empty",
                )
            return known
        if row.urn:
            # Another URN is another school, of the same name.
            named = {one for one in named if not one.urn}
        if len(named) > 1:
            raise Wrong("several organisations here have this name", "write the URN of the one you mean")
        return next(iter(named), None)


def _match(
    rows: Iterable[OrganisationRow],
    known: KnownOrganisations,
    invitations: Invitations | None,
    faults: Faults,
) -> dict[int, int]:
    """The organisation that is there already, by line; a fault for a row that contradicts it."""
    matches: dict[int, int] = {}
    lines: dict[int, int] = {}
    for row in rows:
        column = "urn" if row.urn else "name"
        try:
            found = known.find(row)
            organisation = found.pk if found else None
            if organisation in lines:
                first = lines[organisation]
                raise Wrong(f"it is the same organisation as on line {first}", "keep one of the two rows")
            if organisation is not None:
                matches[row.line] = organisation
                lines[organisation] = row.line
            column = "variant"
            if invitations:
                invitations.check(row, organisation)
        except Wrong as fault:
            faults.add(row.line, column, fault)
    return matches
