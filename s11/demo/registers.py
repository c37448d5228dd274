"""The demonstration's register: a file of schools that waits for an officer, with a line of each kind."""

from __future__ import annotations

import csv
import datetime
import io

from django.core.files.base import ContentFile

from s11.demo.people import FIRST_URN
from s11.organisations.enums import LoadState, OfficerRole, Register, Variant
from s11.organisations.loading.jobs import read_load
from s11.organisations.models import Officer, Organisation, Partnership, RegisterLoad

AREA = "Harbourside"
COLUMNS = (
    "URN",
    "EstablishmentName",
    "EstablishmentStatus (name)",
    "CloseDate",
    "LA (name)",
    "Trusts (code)",
    "Trusts (name)",
)
TRUST = ("99001", "Headland Learning Trust")


def make_register(partnership: Partnership, today: datetime.date) -> None:
    """The last school has closed, the second has another name; a school and a trust are new."""
    officer = Officer.objects.filter(partnership=partnership, role=OfficerRole.ADMINISTRATOR).earliest("pk")
    load = RegisterLoad(
        partnership=partnership,
        register=Register.GIAS,
        name=f"edubasealldata{today:%Y%m%d}.csv",
        areas=AREA,
        variant=Variant.SCHOOL,
        state=LoadState.READING,
        requested_by=officer.user,
    )
    load.file.save("register", ContentFile(_write(partnership, today)))
    read_load.func(load.pk, 0)


def _write(partnership: Partnership, today: datetime.date) -> bytes:
    here = Organisation.objects.filter(participations__partnership=partnership).exclude(urn="")
    schools = list(here.order_by("urn").values_list("urn", "name"))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for place, (urn, name) in enumerate(schools):
        closed = (
            f"{today.replace(day=1) - datetime.timedelta(days=1):%d-%m-%Y}"
            if place == len(schools) - 1
            else ""
        )
        status = "Closed" if closed else "Open"
        called = name.replace("School", "Academy") if place == 1 else name
        writer.writerow((urn, called, status, closed, AREA, "", ""))
    writer.writerow((str(FIRST_URN + 900), "Beacon Point Free School", "Open", "", AREA, *TRUST))
    writer.writerow((str(FIRST_URN + 901), "Pier Road Nursery School", "Proposed to open", "", AREA, "", ""))
    return out.getvalue().encode()
