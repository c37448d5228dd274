"""The yearly check of who has access: one question for each person, group and contact, none answered beforehand."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms

from s11.organisations.access_checks import ToCheck
from s11.organisations.enums import AccessOutcome
from s11.organisations.forms.contacts import ContactForm
from s11.organisations.models import Contact, Partnership, User
from s11.organisations.workflow.access_checks import Said
from s11.web.forms import Look

OF_PEOPLE: Final = (
    (AccessOutcome.CONFIRMED.value, "Still needs access"),
    (AccessOutcome.ENDED.value, "Has left"),
    (AccessOutcome.KEPT.value, "Not sure"),
)
OF_GROUPS: Final = (
    (AccessOutcome.CONFIRMED.value, "Still right"),
    (AccessOutcome.ENDED.value, "End it"),
    (AccessOutcome.KEPT.value, "Not sure"),
)
OF_CONTACTS: Final = (
    (AccessOutcome.CONFIRMED.value, "Right as entered"),
    (AccessOutcome.ENDED.value, "Has left"),
    (AccessOutcome.KEPT.value, "Not sure"),
)
FACTS: Final = ("name", "job_title", "email", "telephone")


class AccessCheckForm(forms.Form):
    """`you` answers for the place, so there is no question about them: whoever leaves hands over instead."""

    marks_optional = False

    def __init__(self, data: object = None, *, to_check: ToCheck, you: User) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.looks: dict[str, Look] = {}
        self.others = [one for one in to_check.people if one.user != you]
        self.groups, self.contacts = to_check.groups, to_check.contacts
        for one in self.others:
            note = f"{one.user.email}, {one.roles}" if one.user.name else one.roles
            self._ask(f"person-{one.user.pk}", str(one.user), note, OF_PEOPLE)
        for access in self.groups:
            self._ask(f"group-{access.pk}", str(access.group), "", OF_GROUPS)
        for contact in self.contacts:
            self._ask_contact(contact)

    def _ask(self, name: str, label: str, note: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            help_text=note,
            choices=tuple(choices),
            widget=forms.RadioSelect,
            error_messages={"required": f"Say what is right for {label}"},
        )
        self.looks[name] = Look(label_size="s", is_small=True, is_inline=True)

    def _ask_contact(self, contact: Contact) -> None:
        prefix = f"contact-{contact.pk}"
        for name in FACTS:
            field = copy.deepcopy(ContactForm.base_fields[name])
            field.initial = getattr(contact, name)
            self.fields[f"{prefix}-{name}"] = field
        self.looks[f"{prefix}-telephone"] = ContactForm.looks["telephone"]
        self._ask(prefix, f"Is {contact.name} still right?", "", OF_CONTACTS)

    # For the template ------------------------------------------------------------------------------------------------

    def list_people(self) -> list[forms.BoundField]:
        return [self[f"person-{one.user.pk}"] for one in self.others]

    def list_groups(self) -> list[forms.BoundField]:
        return [self[f"group-{access.pk}"] for access in self.groups]

    def list_contacts(self) -> Iterator[tuple[Partnership, list[tuple[Contact, list[forms.BoundField]]]]]:
        """Each partnership with its contacts, of each the fields and, last, the question."""
        by_partnership: dict[Partnership, list[tuple[Contact, list[forms.BoundField]]]] = {}
        for contact in self.contacts:
            prefix = f"contact-{contact.pk}"
            bound = [*(self[f"{prefix}-{name}"] for name in FACTS), self[prefix]]
            by_partnership.setdefault(contact.participation.partnership, []).append((contact, bound))
        return iter(by_partnership.items())

    # For the workflow ------------------------------------------------------------------------------------------------

    @property
    def said(self) -> Said:
        cleaned: dict[str, Any] = self.cleaned_data
        return Said(
            people={one.user.pk: AccessOutcome(cleaned[f"person-{one.user.pk}"]) for one in self.others},
            groups={one.pk: AccessOutcome(cleaned[f"group-{one.pk}"]) for one in self.groups},
            contacts={one.pk: AccessOutcome(cleaned[f"contact-{one.pk}"]) for one in self.contacts},
            facts={
                one.pk: {name: cleaned[f"contact-{one.pk}-{name}"] for name in FACTS} for one in self.contacts
            },
        )
