"""A partnership's contacts at an organisation: added, changed, ended; never deleted, for what they were sent stays."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from s11.organisations.models import Contact, Participation, Removal, User
from s11.organisations.removals import remove
from s11.web.errors import NotInThisState

TAKEN = "That person is a contact of this kind already. Nothing was changed."


def add_contact(*, participation: Participation, by: User, **facts: Any) -> Contact:
    try:
        with transaction.atomic():
            return Contact.objects.create(participation=participation, created_by=by, **facts)
    except IntegrityError:
        raise NotInThisState(TAKEN) from None


def change_contact(*, contact: Contact, **facts: Any) -> None:
    """At another address mail may arrive again."""
    if facts["email"] != contact.email:
        contact.refused_at = None
    for name, value in facts.items():
        setattr(contact, name, value)
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError:
        raise NotInThisState(TAKEN) from None


def end_contact(*, contact: Contact, by: User) -> Removal:
    with transaction.atomic():
        found = Contact.objects.select_for_update().filter(pk=contact.pk, ended_at=None).first()
        if found is None:
            raise NotInThisState(f"{contact.name} was ended as a contact meanwhile.")
        found.ended_at, found.ended_by = timezone.now(), by
        found.save()
        return remove(
            "contact",
            title=f"The contact {found.name} of {found.participation.name}",
            partnership=found.participation.partnership,
            marked=[found],
            by=by,
        )
