"""Whose hands a table is in, and how what they may not do is said of a cell."""

from __future__ import annotations

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Partnership, User
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from surveys.imports.csv_files import Wrong


def get_desk(partnership: Partnership, by: User) -> Desk:
    """As their roles are now: who has lost them since the file was uploaded writes nothing."""
    roles = Officer.objects.active().filter(user=by, partnership=partnership).values_list("role", flat=True)
    return Desk(partnership, frozenset(OfficerRole(role) for role in roles))


def refuse(not_allowed: NotAllowed, right: str = "leave the cell as it was") -> Wrong:
    """The sentence of a permission, under the heading that asked for it."""
    return Wrong(str(not_allowed).rstrip("."), right)
