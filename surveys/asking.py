"""Which indicators an audit asks.

Pure: facts about the cycle, the indicator and the organisation's profile in, yes or no out. What is not
asked is neither missing nor not applicable: it is in no count, no mean and no list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

ScopeKind = Literal["full", "core", "topic"]
SCOPE_KINDS: Final[tuple[ScopeKind, ...]] = get_args(ScopeKind)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a cycle asks of one variant: everything, the short form (core), or a topic's chosen standards.

    Standards are given as codes or as row ids, whichever the caller then asks with. They count for a topic
    only; a topic for which none is chosen yet asks nothing.
    """

    kind: ScopeKind
    standards: frozenset[int] | frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind not in SCOPE_KINDS:
            raise ValueError(f"{self.kind!r} is not a scope: choose one of {', '.join(SCOPE_KINDS)}.")


def is_in_scope(scope: Scope, *, core: bool, standard: int | str) -> bool:
    """Whether the cycle holds the indicator. A topic holds its standards whole, core or not."""
    match scope.kind:
        case "full":
            return True
        case "core":
            return core
        case "topic":
            return standard in scope.standards


def is_in_force(in_force: date | None, *, prepare: bool, opens_on: date) -> bool:
    """Whether the law behind the indicator applied on the cycle's opening day, or it does not wait for that.

    One marked `prepare` asks about readiness for a law to come, so the date is no reason to leave it out.
    That is all it lifts: a topic on something else or a profile that rules the duty out still leaves it out.
    """
    return prepare or in_force is None or in_force <= opens_on


def is_applicable(
    applies_if: Mapping[str, str] | None, *, profile: Mapping[str, str] | None, has_row: bool
) -> bool:
    """Whether the profile (question code to answer, as submitted) gives every answer that `applies_if` names.

    A question left blank gives none. No profile at all (None) is an import's: there the indicator is asked
    where the audit has a row for it.
    """
    if not applies_if:
        return True
    if profile is None:
        return has_row
    return all(profile.get(question) == answer for question, answer in applies_if.items())


def is_asked(
    *,
    core: bool,
    standard: int | str,
    applies_if: Mapping[str, str] | None,
    in_force: date | None,
    prepare: bool,
    scope: Scope,
    profile: Mapping[str, str] | None,
    opens_on: date,
    has_row: bool = False,
) -> bool:
    """Whether an audit asks the indicator; `opens_on` is the cycle's opening day."""
    return (
        is_in_scope(scope, core=core, standard=standard)
        and is_in_force(in_force, prepare=prepare, opens_on=opens_on)
        and is_applicable(applies_if, profile=profile, has_row=has_row)
    )
