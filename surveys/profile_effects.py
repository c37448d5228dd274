"""What the facts about an organisation decide: which indicators they ask for, and what a change of them does.

Answers to what is no longer asked are kept, count nowhere, and come back with the fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from s11.web.text import list_words, plural
from surveys.models import Answer, Audit, Indicator
from surveys.progress import AskedQuestion
from surveys.queries import get_profile, get_scope, pick_asked

# So many indicators are named with their text, of more only the codes.
FEW = 3


@dataclass(frozen=True, slots=True)
class Conditional:
    """An indicator that only some facts ask for, whether these do, and its answer if there is one."""

    indicator: Indicator
    is_asked: bool
    answer: Answer | None

    @property
    def is_kept(self) -> bool:
        """It holds something that a person entered, although it is not asked now."""
        answer = self.answer
        if self.is_asked or answer is None or not answer.confirmed:
            return False
        return answer.is_answered or bool(answer.commentary)


def get_conditionals(audit: Audit) -> list[Conditional]:
    """Those that the cycle holds. One query where there are none, else four at most."""
    conditional = list(audit.questionnaire.indicators.exclude(applies_if={}).select_related("standard"))
    if not conditional:
        return []
    every = frozenset(one.pk for one in conditional)
    answers = {one.indicator_id: one for one in audit.answers.filter(indicator__in=every)}
    scope = get_scope(audit.cycle, audit.invitee.cycle_questionnaire)
    held = pick_asked(conditional, cycle=audit.cycle, scope=scope, profile=None, with_rows=every)
    asked = pick_asked(
        held, cycle=audit.cycle, scope=scope, profile=get_profile(audit), with_rows=frozenset(answers)
    )
    now = {one.pk for one in asked}
    return [Conditional(one, one.pk in now, answers.get(one.pk)) for one in held]


def get_ruled_out(audit: Audit, standard: str) -> list[Indicator]:
    """What the facts rule out of a standard; empty where the cycle does not hold it in the first place."""
    conditionals = get_conditionals(audit)
    return [
        one.indicator for one in conditionals if one.indicator.standard.code == standard and not one.is_asked
    ]


def get_deciders(conditionals: Iterable[Conditional]) -> dict[str, list[Indicator]]:
    """By the code of the question: the indicators on which its answer decides."""
    found: dict[str, list[Indicator]] = {}
    for one in conditionals:
        for code in one.indicator.applies_if:
            found.setdefault(code, []).append(one.indicator)
    return found


def make_hints(conditionals: Iterable[Conditional]) -> dict[str, str]:
    """Beside each question that decides anything: on what."""
    return {
        code: f"Your answer decides whether {list_words([one.code for one in indicators])} "
        f"{'is' if len(indicators) == 1 else 'are'} asked."
        for code, indicators in get_deciders(conditionals).items()
    }


def list_undecided(
    conditionals: Iterable[Conditional], profile: Iterable[AskedQuestion]
) -> list[AskedQuestion]:
    """The questions that decide what is asked and are not answered yet."""
    deciders = get_deciders(conditionals)
    return [asked for asked in profile if asked.question.code in deciders and not asked.value]


def list_lines(conditionals: Sequence[Conditional], profile: Sequence[AskedQuestion]) -> list[str]:
    """For the task list: what waits for a fact, what the facts rule out, and which answers are kept meanwhile."""
    undecided = list_undecided(conditionals, profile)
    open_codes = {asked.question.code for asked in undecided}
    out = [one for one in conditionals if not one.is_asked]
    waiting = [one.indicator for one in out if open_codes & set(one.indicator.applies_if)]
    ruled_out = [one for one in out if one.indicator not in waiting]
    kept = [one.indicator for one in out if one.is_kept]
    lines = []
    if waiting:
        questions = list_words([f"{one.question.code} ({one.question.text})" for one in undecided])
        verb = "decides" if len(undecided) == 1 else "decide"
        lines.append(
            f"{questions} {verb} whether {name_codes(waiting)} {be(waiting)} asked: answer that first."
        )
    if ruled_out:
        values = {asked.question.code: asked.words for asked in profile}
        codes = dict.fromkeys(code for one in ruled_out for code in one.indicator.applies_if)
        because = list_words([f"{code} is ‘{values[code]}’" for code in codes if values.get(code)])
        named = [one.indicator for one in ruled_out]
        lines.append(f"Not asked of you{f', because {because}' if because else ''}: {name(named)}.")
    if kept:
        lines.append(f"{say_kept(kept)}.")
    return lines


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed facts did to what is asked."""

    appeared: tuple[Conditional, ...]
    gone: tuple[Conditional, ...]

    @property
    def words(self) -> str:
        """Empty where nothing is asked otherwise than before."""
        new, out = [one.indicator for one in self.appeared], [one.indicator for one in self.gone]
        parts = []
        if new:
            back = [one.indicator for one in self.appeared if one.answer is not None]
            parts.append(
                f"{plural(len(new), 'indicator')} {be(new)} asked now that {were(new)} not: {name(new)}."
            )
            if back:
                parts.append(f"What was entered before for {name_codes(back)} is there again.")
        if out:
            parts.append(f"{plural(len(out), 'indicator')} {be(out)} no longer asked: {name(out)}.")
            kept = [one.indicator for one in self.gone if one.is_kept]
            if kept:
                parts.append(f"{say_kept(kept)}; it comes back with the fact.")
        return " ".join(parts)


def compare(before: Iterable[Conditional], after: Iterable[Conditional]) -> Effect:
    was_asked: Mapping[int, bool] = {one.indicator.pk: one.is_asked for one in before}
    changed = [one for one in after if one.is_asked != was_asked.get(one.indicator.pk, one.is_asked)]
    return Effect(
        tuple(one for one in changed if one.is_asked), tuple(one for one in changed if not one.is_asked)
    )


def say_kept(kept: Sequence[Indicator]) -> str:
    return f"What was entered for {name_codes(kept)} is kept and does not count"


def be(indicators: Sequence[Indicator]) -> str:
    return "is" if len(indicators) == 1 else "are"


def were(indicators: Sequence[Indicator]) -> str:
    return "was" if len(indicators) == 1 else "were"


def name_codes(indicators: Sequence[Indicator]) -> str:
    return list_words([one.code for one in indicators])


def name(indicators: Sequence[Indicator]) -> str:
    """With their texts where they are few."""
    return "; ".join(map(str, indicators)).rstrip(".") if len(indicators) <= FEW else name_codes(indicators)
