"""What is looked for in a text: of somebody's work, of what children and families say, of an agency for the public.

What is certain is refused; what is only possible is shown to its writer, who knows whether it is a name or a word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

from accountability.identifying import patterns
from accountability.identifying.names import find_names, find_titled, is_common, make_is_known

Span = tuple[int, int]
Finder = Callable[[str], Iterator[Span]]
LETTERS: Final = re.compile(r"[^\W\d_]+")


class Kind(StrEnum):
    """As a sentence says it: ‘AB1 2CD’ looks like a postcode."""

    EMAIL = "an e-mail address"
    INTERNET = "an address on the internet"
    BIRTH = "a date of birth"
    PHONE = "a phone number"
    NHS_NUMBER = "an NHS number"
    TEN_FIGURES = "an NHS or phone number"
    INSURANCE = "a National Insurance number"
    POSTCODE = "a postcode"
    ADDRESS = "an address"
    FEW = "a count of fewer than five people"
    CASE = "a case or reference number"
    NUMBER = "a number that stands for somebody"
    DATE = "a date by which somebody can be recognised"
    AGE = "somebody’s age"
    PLACE = "a school or another place"
    PERSON = "somebody’s name"
    INITIALS = "somebody’s initials"
    NAME = "a name"


@dataclass(frozen=True, slots=True)
class Found:
    """`words` as they stand in the text. Certain: refuse them. Otherwise ask."""

    kind: Kind
    words: str
    is_certain: bool

    @property
    def refusal(self) -> str:
        return f"‘{self.words}’ looks like {self.kind}. Take it out"


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked for in each sort of text: whether it is certain there, None where it may stand."""

    kind: Kind
    find: Finder
    work: bool | None
    voice: bool | None
    agency: bool | None


def each(pattern: re.Pattern[str]) -> Finder:
    return lambda text: (found.span() for found in pattern.finditer(text))


CERTAIN: Final = True
POSSIBLE: Final = False
# Work is dated, and counts its cases; whoever told of their own life may be known by a day, an age or a small number.
# An agency names itself, its services and its places, some of them after somebody, and says when it did what.
NOT_THERE: Final = None
# In the order in which they are looked for: what one has found the next ones pass over, so the certain come first.
LOOKS: Final = (
    Look(Kind.EMAIL, each(patterns.EMAIL), work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.INTERNET, each(patterns.INTERNET), work=NOT_THERE, voice=CERTAIN, agency=NOT_THERE),
    Look(Kind.BIRTH, each(patterns.BORN_ON), work=NOT_THERE, voice=NOT_THERE, agency=CERTAIN),
    Look(Kind.BIRTH, each(patterns.BORN), work=CERTAIN, voice=CERTAIN, agency=POSSIBLE),
    Look(Kind.BIRTH, each(patterns.BORN_NEAR), work=NOT_THERE, voice=CERTAIN, agency=NOT_THERE),
    Look(Kind.PHONE, patterns.find_phones, work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.PHONE, each(patterns.LIKE_A_PHONE), work=NOT_THERE, voice=CERTAIN, agency=NOT_THERE),
    Look(Kind.NHS_NUMBER, patterns.find_nhs_numbers, work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.TEN_FIGURES, each(patterns.TEN_FIGURES), work=NOT_THERE, voice=CERTAIN, agency=NOT_THERE),
    Look(Kind.INSURANCE, each(patterns.INSURANCE), work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.POSTCODE, each(patterns.POSTCODE), work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.CASE, each(patterns.REFERENCE), work=CERTAIN, voice=CERTAIN, agency=CERTAIN),
    Look(Kind.ADDRESS, each(patterns.ADDRESS), work=CERTAIN, voice=CERTAIN, agency=POSSIBLE),
    Look(Kind.FEW, each(patterns.FEW), work=NOT_THERE, voice=CERTAIN, agency=NOT_THERE),
    Look(Kind.CASE, each(patterns.CODED), work=POSSIBLE, voice=POSSIBLE, agency=POSSIBLE),
    Look(Kind.NUMBER, patterns.find_long_numbers, work=POSSIBLE, voice=POSSIBLE, agency=POSSIBLE),
    Look(Kind.DATE, each(patterns.DATE), work=POSSIBLE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.DATE, each(patterns.DAY), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.AGE, each(patterns.AGED), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.CASE, each(patterns.RECORD), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.PLACE, each(patterns.PLACE), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.PERSON, find_titled, work=CERTAIN, voice=POSSIBLE, agency=POSSIBLE),
    Look(Kind.PERSON, each(patterns.KIN), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
    Look(Kind.INITIALS, each(patterns.PSEUDONYM), work=POSSIBLE, voice=POSSIBLE, agency=POSSIBLE),
    Look(Kind.INITIALS, each(patterns.INITIALS), work=POSSIBLE, voice=POSSIBLE, agency=POSSIBLE),
    Look(Kind.INITIALS, each(patterns.LETTER), work=NOT_THERE, voice=POSSIBLE, agency=NOT_THERE),
)


def find_in_work(text: str) -> tuple[Found, ...]:
    """In what somebody writes of their work: its own words are known, all others with a capital letter may be names."""
    found = _find(text, ((look.kind, look.find, look.work) for look in LOOKS))
    return _arrange(text, found, find_names(text, is_common, is_all_known=False, taken=found))


def find_in_voice(text: str, known: Collection[str] = frozenset()) -> tuple[Found, ...]:
    """In what a child or a family said. `known` are words in small letters that are nobody's name here."""
    found = _find(text, ((look.kind, look.find, look.voice) for look in LOOKS))
    return _arrange(text, found, find_names(text, make_is_known(known), is_all_known=True, taken=found))


def find_in_agency(text: str, names: Collection[str] = ()) -> tuple[Found, ...]:
    """In what an agency writes of itself for the public. Its own `names`, and the words in them, are nobody's here."""
    passed = [
        found.span()
        for name in names
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]
    is_own = make_is_known(frozenset(LETTERS.findall(" ".join(names).casefold())))
    found = _find(text, ((look.kind, look.find, look.agency) for look in LOOKS), passed)
    strange = find_names(
        text,
        lambda word: is_common(word) or is_own(word),
        is_all_known=False,
        taken=(*passed, *found),
    )
    return _arrange(text, found, strange)


def _find(
    text: str, looks: Iterable[tuple[Kind, Finder, bool | None]], passed: Collection[Span] = ()
) -> dict[Span, Found]:
    """What is part of something found already, or `passed`, is not found again."""
    taken: dict[Span, Found] = {}
    for kind, find, is_certain in looks:
        for start, end in () if is_certain is None else find(text):
            if all(
                end <= other_start or start >= other_end for other_start, other_end in chain(passed, taken)
            ):
                taken[start, end] = Found(kind, text[start:end], bool(is_certain))
    return taken


def _arrange(text: str, found: Mapping[Span, Found], names: Iterable[Span]) -> tuple[Found, ...]:
    """In the order of the text, each once."""
    named = {span: Found(Kind.NAME, text[slice(*span)], is_certain=POSSIBLE) for span in names}
    return tuple(
        dict.fromkeys(one for _, one in sorted({**found, **named}.items(), key=lambda item: item[0]))
    )


def list_refused(found: Iterable[Found]) -> list[Found]:
    return [one for one in found if one.is_certain]


def list_doubtful(found: Iterable[Found]) -> list[Found]:
    """Those of which a person can say that nobody can be recognised."""
    return [one for one in found if not one.is_certain]


def make_digest(found: Iterable[Found]) -> str:
    """Of the words that somebody was asked about: a yes to these is no yes to others."""
    return hashlib.sha256("\n".join(sorted({one.words for one in found})).encode()).hexdigest()[:16]
