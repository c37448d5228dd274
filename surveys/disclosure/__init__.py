"""Disclosure control: what may be published of a cycle's scores, so that nothing else follows from it.

Pure: scores and earlier publications in, public figures out; no Django, no clock, no floats. `make_public` is the
door; docs/disclosure.md states the rule, its source and why it is safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.disclosure.document import SUPPRESSED, Json, make_document
from surveys.disclosure.earlier import Ledger
from surveys.disclosure.merging import NAMES
from surveys.disclosure.release import make_release
from surveys.disclosure.scores import NOT_APPLICABLE, NOT_ASKED, Asked, Bank, Heading, Record, Scores
from surveys.disclosure.shown import Figure, Release, ShownGroup
from surveys.disclosure.words import REASONS, Decision, make_decisions

__all__ = (
    "NAMES",
    "NOT_APPLICABLE",
    "NOT_ASKED",
    "REASONS",
    "SUPPRESSED",
    "Asked",
    "Bank",
    "Decision",
    "Figure",
    "Heading",
    "Json",
    "Ledger",
    "PublicFigures",
    "Record",
    "Release",
    "Scores",
    "ShownGroup",
    "make_public",
)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """`document` is for everybody, `decisions` for officers, `ledger` to be kept and given to the next publication."""

    document: Json
    decisions: tuple[Decision, ...]
    ledger: Ledger
    release: Release


def make_public(scores: Scores, published_before: Sequence[Ledger] = ()) -> PublicFigures:
    """The public figures, safe together with all that was published before; other cycles' ledgers do no harm."""
    release = make_release(scores, published_before)
    decisions = make_decisions(release)
    return PublicFigures(make_document(release, decisions), decisions, release.ledger, release)
