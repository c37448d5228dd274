"""Contacts: people without a login whom this partnership can write to at its organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db.models import QuerySet

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Participation
from s11.organisations.workflow.contacts import add_contact, change_contact, end_contact
from surveys.imports.csv_files import Wrong
from surveys.resources.base import FileRow, PartnershipResource
from surveys.resources.columns import (
    KEY,
    NO,
    YES,
    Column,
    read_choice,
    read_email,
    read_line,
    read_yes_no,
    show_choice,
    show_date,
    show_yes_no,
)
from surveys.resources.rows import Change
from surveys.yaml_nodes import shown

KINDS: Final = {str(value): str(label) for value, label in ContactKind.choices}
PLACE: Final = "Organisation key"
FACTS: Final = {
    "Kind": "kind",
    "Name": "name",
    "Job title": "job_title",
    "E-mail": "email",
    "Telephone": "telephone",
}
STAYS: Final = "a contact stays with its organisation; end it, and add it to the other one"


class ContactTable(PartnershipResource):
    """A row is a current Contact of this partnership; one that has ended is in no file."""

    slug = "contacts"
    title = "Contacts"
    hint = "Chief executives, deputies and others whom you write to, at each organisation."
    needed: ClassVar[tuple[str, ...]] = ("Kind", "Name", "E-mail")

    key = Column(KEY, "pk", width=10, hint="Says which contact the row is. Leave it empty to add a contact.")
    place = Column(
        PLACE,
        "place_key",
        width=26,
        hint="Of the organisation, as the organisations’ file has it. In a new row its exact name under Organisation "
        "will do instead.",
    )
    organisation = Column("Organisation", "place_name", width=40, hint="Only for a new row without the key.")
    kind = Column(
        "Kind",
        "kind",
        read=read_choice(KINDS, "a kind of contact"),
        show=show_choice(KINDS),
        choices=tuple(KINDS.values()),
        width=30,
    )
    name = Column("Name", "name", read=read_line(200, required=True), width=30)
    job_title = Column("Job title", "job_title", read=read_line(200), width=30)
    email = Column("E-mail", "email", read=read_email(required=True), width=34)
    telephone = Column("Telephone", "telephone", read=read_line(40), width=18)
    current = Column(
        "Still a contact",
        "is_current",
        read=read_yes_no,
        show=show_yes_no,
        choices=(YES, NO),
        width=14,
        hint="Write no to end a contact. To take the row out changes nothing.",
    )
    refused = Column(
        "Mail refused on",
        "refused_at",
        show=lambda value: show_date(value.date() if value else None),
        readonly=True,
        hint="Since when e-mail to the address comes back.",
    )

    class Meta(PartnershipResource.Meta):
        model = Contact

    # Its rows ---------------------------------------------------------------------------------------------------------

    def get_queryset(self) -> QuerySet[Contact]:
        found = Contact.objects.current().filter(participation__partnership=self.partnership)
        return found.select_related("participation__organisation").order_by(
            "participation__organisation__name", "pk"
        )

    def get_rows(self) -> list[Any]:
        found: list[Any] = list(self.get_queryset())
        for one in found:
            self._place(one, one.participation)
        return found

    def _place(self, contact: Any, participation: Participation) -> None:
        contact.participation = participation
        contact.place_key, contact.place_name = participation.organisation.slug, participation.name
        contact.is_current = True

    def init_instance(self, row: Mapping[str, str] | None = None) -> Any:
        made: Any = Contact()
        made.place_key, made.place_name, made.is_current = "", "", True
        return made

    def get_name(self, instance: Any) -> str:
        return f"{instance.name}, {instance.place_name}"

    def load(self, rows: Sequence[FileRow]) -> None:
        super().load(rows)
        places = list(self.partnership.participations.select_related("organisation"))
        self.places = {one.organisation.slug: one for one in places}
        self.places_by_name: dict[str, list[Participation]] = {}
        for one in places:
            for name in {one.organisation.name, one.name}:
                self.places_by_name.setdefault(name, []).append(one)
        held = {(one.place_key, one.kind, one.email): one.pk for one in self.known.values()}
        self.held: dict[tuple[str, str, str], int] = held
        self.lines: dict[tuple[str, str, str], int] = {}

    # What a file may change -------------------------------------------------------------------------------------------

    def get_hold(self, instance: Any, column: Column, value: Any, *, is_new: bool) -> str:
        return STAYS if not is_new and column.heading in {PLACE, "Organisation"} else ""

    def check(self, instance: Any, row: Mapping[str, str], *, is_new: bool) -> Iterator[tuple[str, Wrong]]:
        if is_new:
            yield from self._find_place(instance)
            if not instance.is_current:
                yield "Still a contact", Wrong("a new contact is one", f"write {YES}, or take the row out")
        place = self.places.get(instance.place_key)
        if place is not None and not place.is_active and self._changes:
            right = "let it take part again first, or take the row out"
            yield PLACE, Wrong(f"{place.name} takes no part here now", right)
        identity = (instance.place_key, instance.kind, instance.email)
        line = self._rows[self._number - 1].line
        first = self.lines.setdefault(identity, line)
        if self.held.get(identity, instance.pk) != instance.pk or first != line:
            wrong = f"{shown(instance.email)} is a contact of this kind there already"
            yield "E-mail", Wrong(wrong, "keep one of the two")

    def _find_place(self, instance: Any) -> Iterator[tuple[str, Wrong]]:
        named = self.places_by_name.get(instance.place_name, [])
        if instance.place_key:
            if instance.place_key not in self.places:
                right = "copy it from a fresh export of the organisations"
                yield PLACE, Wrong(f"no organisation here has the key {shown(instance.place_key)}", right)
        elif len(named) == 1:
            instance.place_key = named[0].organisation.slug
        elif instance.place_name:
            number = "several organisations have" if named else "no organisation here has"
            right = f"write its key under {PLACE}"
            yield "Organisation", Wrong(f"{number} the name {shown(instance.place_name)}", right)
        else:
            yield PLACE, Wrong("it is empty", "write the organisation's key or name, for a new row needs it")

    # Writing ----------------------------------------------------------------------------------------------------------

    def write_row(self, instance: Any, changes: Sequence[Change], *, is_new: bool) -> None:
        facts = {field: getattr(instance, field) for field in FACTS.values()}
        if is_new:
            add_contact(participation=self.places[instance.place_key], by=self.by, **facts)
            return
        if any(change.heading in FACTS for change in changes):
            change_contact(contact=Contact.objects.get(pk=instance.pk), **facts)
        if not instance.is_current:
            end_contact(contact=instance, by=self.by)
