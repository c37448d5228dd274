"""Contacts that come in as a table: by their verbs, and each with its organisation."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Participation
from s11.organisations.workflow.contacts import end_contact
from s11.web.errors import NotInThisState
from surveys.resources.rows import Kind
from tests.conftest import Cast
from tests.surveys.table_files import make_rows, make_table, save, say


def make_contact(cast: Cast, **facts: Any) -> Contact:
    return Contact.objects.create(
        participation=cast.organisation.participations.get(),
        **{"kind": ContactKind.OTHER, "name": "Ann", "email": "ann@x.example", **facts},
    )


def test_contacts_are_added_changed_and_ended_by_their_verbs(cast: Cast) -> None:
    ann, bob = (
        make_contact(cast, refused_at=timezone.now()),
        make_contact(cast, name="Bob", email="b@x.example"),
    )
    far = Contact.objects.create(
        participation=Participation.objects.create(
            partnership=cast.elsewhere, organisation=cast.organisation
        ),
        kind=ContactKind.OTHER,
        name="Far",
        email="far@x.example",
    )
    table = make_table(cast, "contacts")
    keys = {"Organisation key": "", "Organisation": "", "Still a contact": "yes"}
    chief = str(ContactKind.CHIEF_EXECUTIVE.label)
    save(
        table,
        make_rows(
            {**keys, "Key": str(ann.pk), "Kind": chief, "Name": "Anne", "E-mail": "Anne@x.example"},
            {**keys, "Key": str(bob.pk), "Kind": "other", "Name": "Bob", "E-mail": "b@x.example"}
            | {"Still a contact": "no"},
            {**keys, "Key": "", "Kind": "deputy", "Name": "Cy", "E-mail": "c@x.example"}
            | {"Organisation": "Beacon Homes"},
        ),
    )
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.kind, ann.name, ann.email, ann.refused_at) == (
        ContactKind.CHIEF_EXECUTIVE,
        "Anne",
        "anne@x.example",
        None,
    )
    assert bob.ended_by == cast.administrator
    added = Contact.objects.get(name="Cy")
    assert added.participation.organisation == cast.other_organisation
    assert added.created_by == cast.administrator
    faults = make_table(cast, "contacts").preview(make_rows({"Key": str(far.pk), "Name": "Mine"})).faults
    assert faults[0].startswith(f'line 2, Key: nothing here has the key "{far.pk}"')


def test_a_contact_stays_with_its_organisation_and_stands_once(cast: Cast) -> None:
    ann, _ = make_contact(cast), make_contact(cast, name="Bob", email="b@x.example")
    table = make_table(cast, "contacts")
    preview = table.preview(make_rows({"Key": str(ann.pk), "Organisation key": "beacon"}))
    assert say(preview, Kind.HELD) == [
        (
            "Ann, Anchor Trust: Organisation key anchor > beacon (a contact stays with its organisation; end it, and "
            "add it to the other one)"
        )
    ]
    preview = table.preview(make_rows({"Key": str(ann.pk), "E-mail": "b@x.example"}))
    assert preview.faults == [
        'line 2, E-mail: "b@x.example" is a contact of this kind there already; keep one of the two'
    ]


def test_a_contact_that_was_ended_meanwhile_stops_the_file(cast: Cast) -> None:
    ann = make_contact(cast)
    table = make_table(cast, "contacts")
    rows = make_rows({"Key": str(ann.pk), "Name": "Anne"})
    seen = table.preview(rows).fingerprint
    end_contact(contact=ann, by=cast.administrator)
    with pytest.raises(NotInThisState, match="changed here meanwhile"):
        table.save_rows(rows, seen)
    ann.refresh_from_db()
    assert ann.name == "Ann"
