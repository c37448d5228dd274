"""What is kept about people: the words in which each app declares it for its own tables (`data_map`), and the register.

One declaration stands behind the export of what is held about a person, the anonymising of a leaver, docs/data-map.md
and the privacy page. A test fails for a table or column that nobody has declared. No database here, and no Django.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What a column is to the person whom its row is about or names."""

    OWN = "about the person"
    WHO = "names who did it"
    WORDS = "words people wrote, which may name anybody"
    KEY = "a key or a checksum, never handed out"
    PLAIN = "not personal"


class Leaving(StrEnum):
    """What becomes of a row about somebody whose account is anonymised. References to the account stay in any case."""

    STAYS = "stays"
    CLEARED = "name and ways to reach them are removed, the row stays"
    DELETED = "deleted"


class Basis(StrEnum):
    """Suggestions; the partnership decides. Articles of the UK GDPR."""

    PUBLIC_TASK = "public task: Article 6(1)(e)"
    SECURITY = "public task, and keeping data secure: Articles 6(1)(e) and 32"
    DUTY = "legal obligation: Article 6(1)(c)"
    NOBODY = "no personal data"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A kind of record as people would call it. `told` is what the privacy page says of it, where it says anything."""

    title: str
    why: str
    basis: Basis
    source: str
    # The kind of record whose period docs/privacy.md and the desk have.
    retention: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One table. Names are separated by spaces; each column is named once, the numbered key nowhere.

    `about` are the paths by which a row is about somebody: to an account, to a contact, or to an e-mail address.
    `place` is the path to the partnership that the row belongs to; without one only the person themself gets it.
    `organisations` says that the words are an organisation's own: officers who make an export do not read them there.
    """

    model: str
    purpose: Purpose
    about: str = ""
    own: str = ""
    who: str = ""
    words: str = ""
    keys: str = ""
    plain: str = ""
    place: str = ""
    leaving: Leaving = Leaving.STAYS
    organisations: bool = False
    # The column that says of a row that nobody but its writer reads it: officers who make an export do not either.
    private: str = ""
    # Only where it is not the purpose's.
    retention: str = ""
    note: str = ""

    @property
    def columns(self) -> dict[str, Column]:
        named = {
            Column.OWN: self.own,
            Column.WHO: self.who,
            Column.WORDS: self.words,
            Column.KEY: self.keys,
            Column.PLAIN: self.plain,
        }
        return {name: column for column, names in named.items() for name in names.split()}

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.about.split())

    @property
    def is_personal(self) -> bool:
        return any(column not in {Column.PLAIN, Column.KEY} for column in self.columns.values())

    @property
    def kept_as(self) -> str:
        return self.retention or self.purpose.retention


_KEPT: Final[dict[str, Kept]] = {}


def register_kept(tables: Iterable[Kept]) -> None:
    """Each app does so once it is ready."""
    for table in tables:
        _KEPT[table.model] = table
    get_map.cache_clear()


@functools.cache
def get_map() -> dict[str, Kept]:
    """Every table that was declared, by its label, the people first."""
    apps = ("organisations", "surveys", "accountability")
    order = {label: position for position, label in enumerate(apps)}
    labels = sorted(_KEPT, key=lambda label: order.get(label.split(".")[0], len(apps)))
    return {label: _KEPT[label] for label in labels}


def list_purposes() -> Iterator[Purpose]:
    """Each once, in the order of the apps."""
    yield from dict.fromkeys(table.purpose for table in get_map().values())
