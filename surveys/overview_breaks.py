"""What changed in the questions between two cycles, and so where a line of figures is broken. Pure.

Indicators are the same where variant and key are. A subject (the whole, a standard, a theme) is unbroken where the same
indicators make its figure in both cycles; a new wording under the same key is noted and breaks nothing, because a bank
gives a new key to what asks something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from s11.organisations.enums import Variant
from s11.web.text import list_words
from surveys.enums import CycleKind
from surveys.overview_banks import Bank, Held, Subject

# So many codes are named in a reason; of more, their number is said.
MOST_CODES: Final = 4
KINDS: Final = {
    CycleKind.FULL: "a full audit",
    CycleKind.CORE: "a short form",
    CycleKind.TOPIC: "a topic",
}
Spine = tuple[Variant, str]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One subject, since an earlier cycle. Codes are this cycle's, of `gone` the earlier one's."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    # Variants that only one of the two cycles asked of it: their agencies are in one of the two figures alone.
    variants_new: tuple[Variant, ...] = ()
    variants_gone: tuple[Variant, ...] = ()
    # How many indicators both ask.
    shared: int = 0
    # The kinds of the two cycles, where they differ: (now, then).
    kinds: tuple[CycleKind, CycleKind] | None = None

    @property
    def is_break(self) -> bool:
        return bool(self.new or self.gone or self.variants_new or self.variants_gone)

    @property
    def reason(self) -> str:
        """‘Not the same questions: A1.3 is new and what was A1.5 is no longer asked here.’, or nothing."""
        if not self.is_break:
            return ""
        parts = [
            *_say_codes(self.new, "is new", "are new"),
            # Named with ‘what was’: a bank may have given their codes to other indicators since.
            *_say_codes(self.gone, "is no longer asked here", "are no longer asked here", "what was "),
            *_say_variants(self.variants_new, "was not asked then", "were not asked then"),
            *_say_variants(self.variants_gone, "is not asked now", "are not asked now"),
        ]
        said = f"Not the same questions: {list_words(parts)}."
        if self.kinds is None:
            return said
        now, then = self.kinds
        return f"{said} Then it was {KINDS[then]}, now it is {KINDS[now]}."

    @property
    def note(self) -> str:
        """What reads otherwise although it is the same key; empty where all reads as before."""
        said = _say_codes(self.reworded, "is worded otherwise", "are worded otherwise")
        return f"{said[0][:1].upper()}{said[0][1:]}." if said else ""


def _say_codes(codes: Collection[str], one: str, many: str, lead: str = "") -> list[str]:
    if not codes:
        return []
    if len(codes) > MOST_CODES:
        return [f"{len(codes)} indicators {many}"]
    return [f"{lead}{list_words(list(codes))} {one if len(codes) == 1 else many}"]


def _say_variants(variants: Collection[Variant], one: str, many: str) -> list[str]:
    if not variants:
        return []
    return [
        f"{list_words([str(variant.label) for variant in variants])} {one if len(variants) == 1 else many}"
    ]


@dataclass(frozen=True, slots=True)
class Questions:
    """All that a cycle asked, ready to be compared: by subject what makes its figure."""

    variants: tuple[Variant, ...]
    subjects: Mapping[Subject, Mapping[Spine, Held]]
    keys: Mapping[Spine, Held]
    kind: CycleKind = CycleKind.FULL

    def under(self, subject: Subject, variant: Variant | None) -> dict[Spine, Held]:
        found = self.subjects.get(subject, {})
        return {spine: held for spine, held in found.items() if variant in (None, spine[0])}

    def list_standards(self, variant: Variant) -> dict[str, str]:
        """Titles by code, in the bank's order."""
        return {
            held.standard: held.standard_title for spine, held in self.keys.items() if spine[0] == variant
        }


def make_questions(banks: Mapping[Variant, Bank], kind: CycleKind = CycleKind.FULL) -> Questions:
    subjects: dict[Subject, dict[Spine, Held]] = {}
    for bank in banks.values():
        for held in bank:
            for subject in held.subjects:
                subjects.setdefault(subject, {})[held.spine] = held
    asked = tuple(variant for variant in Variant if banks.get(variant))
    return Questions(asked, subjects, {held.spine: held for bank in banks.values() for held in bank}, kind)


def compare_questions(
    now: Questions, then: Questions, subject: Subject, variant: Variant | None = None
) -> QuestionChange:
    """Over all variants where none is given: then a variant that only one cycle asked is named, not its indicators."""
    after, before = now.under(subject, variant), then.under(subject, variant)
    variants_now = {spine[0] for spine in after}
    variants_then = {spine[0] for spine in before}
    both = variants_now & variants_then if variant is None else set(Variant)
    shared = [held for spine, held in after.items() if spine in before]
    return QuestionChange(
        new=_list_codes(held for spine, held in after.items() if spine not in before and spine[0] in both),
        gone=_list_codes(held for spine, held in before.items() if spine not in after and spine[0] in both),
        reworded=_list_codes(held for held in shared if is_reworded(held, before[held.spine])),
        variants_new=_sort(variants_now - variants_then) if variant is None else (),
        variants_gone=_sort(variants_then - variants_now) if variant is None else (),
        shared=len(shared),
        kinds=(now.kind, then.kind) if now.kind != then.kind else None,
    )


def is_reworded(now: Held, then: Held) -> bool:
    """Spaces and line breaks alone are no change."""
    if now.questionnaire == then.questionnaire:
        return False
    return any(new.split() != old.split() for new, old in zip(now.wording, then.wording, strict=True))


def _list_codes(held: Iterable[Held]) -> tuple[str, ...]:
    return tuple(one.code for one in held)


def _sort(variants: Collection[Variant]) -> tuple[Variant, ...]:
    return tuple(variant for variant in Variant if variant in variants)
