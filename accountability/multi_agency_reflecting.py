"""Verbs of the reflective questions after a multi-agency audit: opened, answered, closed, and what is made of them.

An answer is written without a moment. The reflection's row is locked meanwhile, so that none is lost, and none is taken
after the moment from which answers are read.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from accountability.models import (
    MultiAgencyAudit,
    Reflection,
    ReflectionAnswer,
    ReflectionSummary,
    ReflectionTheme,
)
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_reflections import is_told
from s11.organisations.models import User
from s11.web import errors

# What somebody wrote can be known by how it is written, so it is kept for as long as it takes to make something of it.
KEPT_FOR: Final = datetime.timedelta(days=365)
# Not Python's own, whose order can be worked out from its output.
CHANCE: Final = random.SystemRandom()


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or it is over."""


@transaction.atomic
def open_reflection(*, audit: MultiAgencyAudit, closes_on: datetime.date, by: User) -> Reflection:
    MultiAgencyAudit.objects.select_for_update().only("pk").get(pk=audit.pk)
    if Reflection.objects.filter(audit=audit).exists():
        raise NotInThisState("The questions were opened already. This page shows them as they are.")
    return Reflection.objects.create(audit=audit, closes_on=closes_on, opened_by=by)


@transaction.atomic
def answer_reflection(*, reflection: Reflection, given: Mapping[ReflectiveQuestion, str]) -> None:
    """One person's answers. All are written anew, in another order: which came last, or together, is kept nowhere."""
    written = {question: text.strip() for question, text in given.items() if text.strip()}
    if not written:
        raise ValueError("Somebody who answers answers at least one question.")
    current = _lock(reflection)
    if current.is_over:
        raise NotInThisState("The questions are closed by now. Your answers were not kept.")
    answers = list(current.answers.values_list("question", "text")) + list(written.items())
    CHANCE.shuffle(answers)
    current.answers.all().delete()
    ReflectionAnswer.objects.bulk_create(
        ReflectionAnswer(reflection=current, question=question, text=text) for question, text in answers
    )
    current.responses += 1
    current.save(update_fields=["responses"])


@transaction.atomic
def close_reflection(*, reflection: Reflection, by: User) -> None:
    """From now on officers read what was written, where at least five answered."""
    current = _lock(reflection)
    if current.is_over:
        raise NotInThisState("The questions are closed already.")
    current.closed_at, current.closed_by = timezone.now(), by
    current.save(update_fields=["closed_at", "closed_by"])


@transaction.atomic
def move_last_day(*, reflection: Reflection, closes_on: datetime.date, by: User) -> None:
    """Another last day; one that is over goes on only where nothing has been told."""
    current = _lock(reflection)
    if current.is_told:
        raise NotInThisState("The answers have been shown by now, so the questions cannot go on.")
    if current.forgotten_on is not None:
        raise NotInThisState("What was answered is deleted by now, so the questions cannot go on.")
    current.closes_on, current.closed_at, current.closed_by = closes_on, None, None
    current.save(update_fields=["closes_on", "closed_at", "closed_by"])


@transaction.atomic
def replace_link(*, reflection: Reflection, by: User) -> None:
    """What was passed on opens nothing any more; the answers that came by it count."""
    _lock(reflection).revoke_link()


# What is made of them -------------------------------------------------------------------------------------------------


@transaction.atomic
def give_themes(
    *,
    reflection: Reflection,
    question: ReflectiveQuestion,
    themes: Mapping[int, Iterable[str]],
    seen: Mapping[int, Iterable[str]],
    by: User,
) -> dict[int, list[str]]:
    """By answer, all its themes from now on, and those that whoever gives them has seen: what is no change is left.

    Where somebody has changed them meanwhile theirs stay, and are returned, by answer. A theme is the same however its
    letters are written; one without an answer is gone.
    """
    current = _lock(reflection)
    _check_told(current, question)
    known = {one.name.lower(): one for one in current.themes.all()}
    overtaken = {}
    for answer in current.answers.filter(question=question, pk__in=list(themes)).prefetch_related("themes"):
        wanted, shown = _spell(themes[answer.pk]), _spell(seen.get(answer.pk, ()))
        now = _spell(theme.name for theme in answer.themes.all())
        if wanted.keys() == shown.keys() or wanted.keys() == now.keys():
            continue
        if now.keys() != shown.keys():
            overtaken[answer.pk] = list(now.values())
            continue
        for key, name in wanted.items():
            if key not in known:
                known[key] = ReflectionTheme.objects.create(reflection=current, name=name)
        answer.themes.set(known[key] for key in wanted)
    current.themes.filter(answers=None).delete()
    return overtaken


def _spell(names: Iterable[str]) -> dict[str, str]:
    """As it was first written, by what makes it the same."""
    spelled: dict[str, str] = {}
    for name in (" ".join(one.split()) for one in names):
        if name:
            spelled.setdefault(name.lower(), name)
    return spelled


@transaction.atomic
def write_summary(
    *, reflection: Reflection, question: ReflectiveQuestion, text: str, seen_version: int, by: User
) -> ReflectionSummary | None:
    """None once it is saved; the summary as it stands where somebody saved another meanwhile. Empty takes it back."""
    current = _lock(reflection)
    _check_told(current, question)
    now = current.summaries.select_related("changed_by").filter(question=question).first()
    if now is not None and now.version != seen_version and now.text != text:
        return now
    if not text:
        current.summaries.filter(question=question).delete()
        return None
    if now is None:
        now = ReflectionSummary(reflection=current, question=question, version=0)
    now.text, now.version = text, now.version + 1
    now.changed_by, now.changed_at = by, timezone.now()
    now.save()
    return None


@transaction.atomic
def forget_answers(now: datetime.datetime) -> int:
    """Those of questions that closed a year ago; what was made of them stays. How many reflections had some."""
    today = timezone.localdate(now)
    old = Reflection.objects.select_for_update().filter(closes_on__lte=today - KEPT_FOR, forgotten_on=None)
    found = list(old)
    for one in found:
        one.answers.all().delete()
        one.themes.all().delete()
        one.forgotten_on = today
        one.save(update_fields=["forgotten_on"])
    return len(found)


def _check_told(reflection: Reflection, question: ReflectiveQuestion) -> None:
    if not is_told(reflection, question):
        raise NotInThisState(
            "There is nothing to be read of this question by now. This page shows it as it is."
        )


def _lock(reflection: Reflection) -> Reflection:
    """As it is now. Without what a join would bring, which PostgreSQL would lock too."""
    Reflection.objects.select_for_update().only("pk").get(pk=reflection.pk)
    return Reflection.objects.with_place().get(pk=reflection.pk)
