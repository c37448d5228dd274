"""Taking other people out of a text: their names where they are known, and every address but the person's own.

A name that no table has cannot be found so: that is what the officer's review is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from s11.organisations.models import Contact, Partnership, User
from s11.privacy.subjects import Subject, get_people

ANOTHER = "[another person]"
ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


class Redactor:
    """Knows everybody's name but one person's."""

    def __init__(self, subject: Subject, names: Iterable[str]) -> None:
        self._emails = subject.emails
        own = {name.casefold() for name in subject.names}
        # The longest first, so that ‘Ann Lee-Smith’ is not left as ‘-Smith’.
        others = sorted({name for name in names if " " in name and name.casefold() not in own}, key=len)
        pattern = "|".join(re.escape(name) for name in reversed(others))
        self._others = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if others else None

    def redact(self, text: str) -> str:
        text = ADDRESS.sub(self._keep_own, text)
        return self._others.sub(ANOTHER, text) if self._others else text

    def _keep_own(self, found: re.Match[str]) -> str:
        return found[0] if found[0].lower() in self._emails else ANOTHER


def make_redactor(subject: Subject, partnership: Partnership | None) -> Redactor:
    people: QuerySet[User] = User.objects.all() if partnership is None else get_people(partnership)
    contacts = Contact.objects.all()
    if partnership is not None:
        contacts = contacts.filter(participation__partnership=partnership)
    names = [*people.values_list("name", flat=True), *contacts.values_list("name", flat=True)]
    return Redactor(subject, names)
