"""What the annual report's chapter says of the year's multi-agency audits: drafted, for officers to go on with.

It names no agency: what was weak is said of the partnership's work together. Of what practitioners wrote it has what
officers made of it, and nothing where fewer than five answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Prefetch
from django.utils import timezone

from accountability.chapter_parts import ChapterPart
from accountability.models import MultiAgencyAudit, Reflection
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_naming import without_agencies
from accountability.multi_agency_reflections import Counted, tally_themes
from accountability.naming import list_organisations
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership
from s11.web.dates import date
from s11.web.text import list_words, plural
from surveys.enums import ActionStatus
from surveys.models import Action
from surveys.practitioner_results import FEWEST

TITLE: Final = "Multi-agency audits"


def get_chapter_part(partnership: Partnership, year: ReportingYear) -> ChapterPart | None:
    """Every audit that was reported in the year, by its day; None where there was none. Six queries at most."""
    reported = MultiAgencyAudit.objects.of(partnership).reported_between(year.first_day, year.last_day)
    with_all = reported.select_related("theme").prefetch_related(
        "actions", Prefetch("reflection", Reflection.objects.prefetch_related("summaries"))
    )
    audits = list(with_all.order_by("reported_on", "title", "pk"))
    if not audits:
        return None
    names = list(list_organisations(partnership))
    themes = tally_themes(one.reflection for one in audits if hasattr(one, "reflection"))
    parts = [_say_how_many(audits), *(part for one in audits for part in _write_audit(one, themes))]
    return ChapterPart(TITLE, "\n\n".join(without_agencies(part, names) for part in parts))


def _say_how_many(audits: Sequence[MultiAgencyAudit]) -> str:
    was = "was" if len(audits) == 1 else "were"
    return f"In the year {plural(len(audits), 'multi-agency audit')} {was} reported."


def _write_audit(audit: MultiAgencyAudit, themes: Themes) -> Iterator[str]:
    yield f"### {_one_line(audit.title)}"
    theme = f", on {_one_line(audit.theme.title)}" if audit.theme else ""
    yield f"{audit.get_method_display()}{theme}. Reported on {date(audit.reported_on)}."
    for title, text in (
        ("Key messages", audit.key_messages),
        ("Strengths", audit.strengths),
        ("What has to be better", audit.weaknesses),
    ):
        if text.strip():
            yield f"**{title}.** {_keep_flat(text)}"
    yield from _write_said(audit, themes)
    if agreed := say_agreed([one for one in audit.actions.all() if one.status != ActionStatus.DROPPED]):
        yield agreed
    if audit.again_on is not None:
        yield f"The audit is to be repeated on {date(audit.again_on)}."


def say_agreed(actions: Sequence[Action]) -> str:
    """How many actions, and how far they are, in words; who does them is not said."""
    if not actions:
        return ""
    today = timezone.localdate()
    states = Counter(
        "overdue" if one.is_overdue(today) else ActionStatus(one.status).label.lower() for one in actions
    )
    order = ("done", "in progress", "not started", "overdue")
    said = [
        f"{states[state]} {'is' if states[state] == 1 else 'are'} {state}" for state in order if states[state]
    ]
    lines = [f"- {_one_line(one.what)}" for one in actions]
    were = "was" if len(actions) == 1 else "were"
    return "\n".join(
        [
            f"**What was agreed.** {plural(len(actions), 'action')} {were} agreed: {list_words(said)}.",
            "",
            *lines,
        ]
    )


# Practitioners --------------------------------------------------------------------------------------------------------


Themes = Mapping[tuple[int, str], Counted]  # by reflection and question


def _write_said(audit: MultiAgencyAudit, themes: Themes) -> Iterator[str]:
    """A summary is written only of what at least five answered; asked again here, for this goes to the public."""
    reflection: Reflection | None = getattr(audit, "reflection", None)
    if reflection is None or not reflection.is_told:
        return
    summaries = {one.question: one.text for one in reflection.summaries.all()}
    said = [
        f"- {question.about}: {_one_line(summaries[question])}{_say_often(themes.get((reflection.pk, question), ()))}"
        for question in ReflectiveQuestion
        if question in summaries
    ]
    if said:
        yield "\n".join(["**What practitioners said.**", "", *said])


def _say_often(counted: Counted) -> str:
    """Themes of at least five answers to one question, which are as many people's; of fewer nothing is said."""
    often = [(name, number) for name, number in counted if number >= FEWEST]
    if not often:
        return ""
    return f" Most often: {list_words([f'{_one_line(name)} ({number} answers)' for name, number in often])}."


# Text -----------------------------------------------------------------------------------------------------------------


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _keep_flat(text: str) -> str:
    """What was typed, without headings of its own: the chapter has its outline."""
    return "\n".join(
        line.lstrip("#").lstrip() if line.lstrip().startswith("#") else line
        for line in text.strip().splitlines()
    )
