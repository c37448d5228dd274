"""Words with placeholders such as {organisation}: which there are, what is wrong in a text, and filling it.

Pure: no Django. A placeholder is replaced and nothing else: a text that somebody wrote is never code, and what stands
in a value is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# In the order in which a page explains them.
PLACEHOLDERS: Final[Mapping[str, str]] = {
    "name": "the person it is to, or ‘colleague’ where the name is not known",
    "organisation": "the organisation, by your name for it",
    "partnership": "your partnership",
    "cycle": "the title of the cycle",
    "opens": "the day on which the cycle opens",
    "closes": "the organisation’s last day, an extension included",
    "link": "the page of its audit; for a contact without an account, your public page",
    "contact": "your partnership with its address for questions",
}
IN_BRACES: Final = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text, with placeholders or filled."""

    subject: str
    body: str
    is_own: bool = False  # a cycle's own, not the shipped ones

    def fill(self, values: Mapping[str, str]) -> Words:
        return Words(fill(self.subject, values), fill(self.body, values), self.is_own)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Each known placeholder replaced by its value; anything else stays as it stands."""
    return IN_BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def find_fault(text: str) -> str:
    """The sentence about what cannot be filled; empty where everything can."""
    unknown = [found[0] for found in IN_BRACES.finditer(text) if found[1] not in PLACEHOLDERS]
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if unknown:
        return f"{unknown[0]} is not a placeholder. Use one of these: {known}"
    if re.search(r"[{}]", IN_BRACES.sub("", text)):
        return f"A brace has no partner. Braces are for placeholders alone: {known}"
    return ""


def split_words(text: str) -> Words:
    """A text as it is shipped: its first line is the subject."""
    subject, _, body = text.strip().partition("\n")
    return Words(subject.strip(), body.strip())
