"""What in an agency's return may say who somebody is: what has to go first, and what its people are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountability.agency_return_standing import Standing
from accountability.enums import ReturnHeading
from accountability.identifying.finding import (
    Found,
    Kind,
    find_in_agency,
    list_doubtful,
    list_refused,
    make_digest,
)
from s11.web.text import list_words


@dataclass(frozen=True, slots=True)
class Identified:
    """`refused` are sentences, by the heading under which their words stand; `doubtful` may be any words."""

    refused: Mapping[ReturnHeading, tuple[str, ...]]
    doubtful: tuple[Found, ...]

    @property
    def sentence(self) -> str:
        """What has to go, in one line; nothing where nothing has."""
        return " ".join(f"{one}." for sentences in self.refused.values() for one in sentences)

    @property
    def questions(self) -> list[str]:
        """‘Perhaps a name: ‘Emma’ and ‘Saltmarsh’’, a line a kind."""
        kinds: dict[Kind, list[str]] = {}
        for one in self.doubtful:
            kinds.setdefault(one.kind, []).append(f"‘{one.words}’")
        return [f"Perhaps {kind}: {list_words(words)}" for kind, words in kinds.items()]

    @property
    def mark(self) -> str:
        """Of the words that are asked about: a tick is of these, and of nothing that is written afterwards."""
        return make_digest(self.doubtful)

    def is_cleared(self, mark: str) -> bool:
        return not self.doubtful or mark == self.mark


def find_identifying(standing: Standing) -> Identified:
    """In its words as they are saved. No query."""
    place = standing.participation
    names = (place.name, place.organisation.name, place.partnership.name)
    found = {one.heading: find_in_agency(one.text, names) for one in standing.written}
    refused = {heading: tuple(one.refusal for one in list_refused(some)) for heading, some in found.items()}
    doubtful = (one for some in found.values() for one in list_doubtful(some))
    return Identified(
        {heading: sentences for heading, sentences in refused.items() if sentences},
        tuple(dict.fromkeys(doubtful)),
    )
