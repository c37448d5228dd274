"""What accountability meetings add to a cycle's overview: agencies met, what was asked, answered and done, by theme.

Counted is what agencies know, those recommendations whose letter has gone, as on the dashboard, so that both agree; how
many have not gone is said beside it. A fixed number of queries. What panels made of scores is a series of the overview.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accountability.enums import ChaseAbout, LetterStatus, MeetingStatus, MinutesStatus, Standing
from accountability.following import UNANSWERED, Followed, get_agreed, get_followed
from accountability.meetings_charts import make_meeting_charts
from accountability.models import GoodPractice, Meeting
from s11.organisations.models import Participation
from s11.web.text import list_words, plural
from surveys.enums import ActionOutcome
from surveys.figures import Share
from surveys.models import Cycle
from surveys.overview_parts import OverviewPart, PartCell, PartTable

Json = dict[str, Any]
KEY = "meetings"
NO_THEME = "No theme"
# A theme holds across agencies from so many on; more names than MOST_NAMES in one sentence are a list.
ACROSS, MOST_NAMES = 2, 3
# Where an accepted action stands.
ACTING = (Standing.IN_PROGRESS, Standing.TO_VERIFY, Standing.VERIFIED, Standing.DROPPED)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Recommendations of one theme, or of all. Every count is of these; `agencies` are those they were made to."""

    agencies: int
    made: int
    unanswered: int
    overdue_answers: int
    to_decide: int
    refused: int
    actions: int
    in_progress: int
    overdue_actions: int
    done: int
    dropped: int
    verified: int
    worked: int
    partly: int
    failed: int

    @property
    def answered(self) -> int:
        return self.made - self.unanswered

    def as_json(self) -> Json:
        return {
            "agencies": self.agencies,
            "recommendations": self.made,
            "answered": Share(self.answered, self.made).as_json(),
            "overdue_answers": self.overdue_answers,
            "to_decide": self.to_decide,
            "refused": self.refused,
            "actions": self.actions,
            "in_progress": self.in_progress,
            "overdue_actions": self.overdue_actions,
            "dropped": self.dropped,
            "done": Share(self.done, self.actions).as_json(),
            "verified": Share(self.verified, self.done).as_json(),
            "worked": self.worked,
            "partly": self.partly,
            "failed": self.failed,
        }


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """`called` leaves out meetings that were cancelled. `unsent` recommendations are in none of the outcomes."""

    called: int
    met: int
    final_minutes: int
    letters: int
    unsent: int
    whole: Outcomes
    themes: tuple[tuple[str, str, Outcomes], ...]
    good_practices: int
    may_be_shared: int

    def as_json(self) -> Json:
        return {
            "met": Share(self.met, self.called).as_json(),
            "final_minutes": self.final_minutes,
            "letters_sent": self.letters,
            "unsent_recommendations": self.unsent,
            **self.whole.as_json(),
            "themes": [{"code": code or None, **outcomes.as_json()} for code, _, outcomes in self.themes],
            "good_practice": Share(self.may_be_shared, self.good_practices).as_json(),
        }


def make_meetings_part(cycle: Cycle, today: datetime.date) -> OverviewPart | None:
    """Nothing where no agency was called. Six queries at most."""
    rows = list(
        Meeting.objects.filter(panel__cycle=cycle)
        .exclude(status=MeetingStatus.CANCELLED)
        .order_by()
        .values_list("pk", "status", "minutes__status", "letter__status", "recommendations")
    )
    if not rows:
        return None
    meetings = {pk: (status, minutes, letter) for pk, status, minutes, letter, _ in rows}
    # No row of the join without a recommendation is one: its id is empty.
    letters: Iterable[tuple[str | None, int | None]] = [(letter, one) for _, _, _, letter, one in rows]
    followed = get_followed(get_agreed(meetings), today)
    shared = get_good_practices(cycle, meetings)
    figures = MeetingFigures(
        called=len(meetings),
        met=sum(status == MeetingStatus.HELD for status, _, _ in meetings.values()),
        final_minutes=sum(minutes == MinutesStatus.FINAL for _, minutes, _ in meetings.values()),
        letters=sum(letter == LetterStatus.SENT for _, _, letter in meetings.values()),
        unsent=sum(one is not None and letter != LetterStatus.SENT for letter, one in letters),
        whole=make_outcomes(followed),
        themes=make_themes(followed),
        good_practices=len(shared),
        may_be_shared=sum(may_be_shared is True for _, _, may_be_shared in shared),
    )
    return OverviewPart(
        key=KEY,
        title="Accountability meetings",
        finding=say_met(figures),
        figures=figures.as_json(),
        sentences=[sentence for sentence in say_outcomes(figures) if sentence],
        tables=make_tables(figures, shared),
        charts=make_meeting_charts(figures.whole, figures.themes),
        url_name="accountability:progress",
    )


def make_outcomes(followed: Iterable[Followed]) -> Outcomes:
    followed = list(followed)
    standings = Counter(one.standing for one in followed)
    missed = Counter(one.overdue for one in followed)
    verified = [one.verification for one in followed if one.standing == Standing.VERIFIED]
    outcomes = Counter(one.outcome for one in verified if one is not None)
    return Outcomes(
        agencies=len({one.recommendation.meeting.invitee_id for one in followed}),
        made=len(followed),
        unanswered=sum(standings[one] for one in UNANSWERED),
        overdue_answers=missed[ChaseAbout.ANSWER],
        to_decide=standings[Standing.TO_DECIDE],
        refused=standings[Standing.REFUSED],
        actions=sum(standings[one] for one in ACTING),
        in_progress=standings[Standing.IN_PROGRESS],
        overdue_actions=missed[ChaseAbout.ACTION],
        done=standings[Standing.TO_VERIFY] + standings[Standing.VERIFIED],
        dropped=standings[Standing.DROPPED],
        verified=standings[Standing.VERIFIED],
        worked=outcomes[ActionOutcome.WORKED],
        partly=outcomes[ActionOutcome.PARTLY],
        failed=outcomes[ActionOutcome.FAILED],
    )


def make_themes(followed: Iterable[Followed]) -> tuple[tuple[str, str, Outcomes], ...]:
    """(code, title, outcomes) in the order of themes; what has none last, with an empty code."""
    found: dict[tuple[float, str, str], list[Followed]] = {}
    for one in followed:
        theme = one.recommendation.theme
        key = (theme.position, theme.code, theme.title) if theme else (float("inf"), "", NO_THEME)
        found.setdefault(key, []).append(one)
    return tuple((code, title, make_outcomes(found[_, code, title])) for _, code, title in sorted(found))


def get_good_practices(cycle: Cycle, meetings: Mapping[int, object]) -> list[tuple[str, str, bool | None]]:
    """(Agency, what it does well, whether it lets others know). Two queries."""
    here = dict(
        Participation.objects.filter(partnership=cycle.partnership_id)
        .exclude(local_name="")
        .values_list("organisation", "local_name")
    )
    rows = GoodPractice.objects.filter(meeting__in=meetings).values_list(
        "meeting__invitee__organisation", "meeting__invitee__organisation__name", "text", "may_be_shared"
    )
    return sorted(
        (
            (here.get(organisation, name), text, may_be_shared)
            for organisation, name, text, may_be_shared in rows
        ),
        key=lambda one: one[:2],
    )


# In words -------------------------------------------------------------------------------------------------------------


def say_met(figures: MeetingFigures) -> str:
    """‘25 of 25 (100%) agencies that were called met a panel’."""
    if not figures.met:
        called = plural(figures.called, "agency", "agencies")
        return f"{called} {_was(figures.called)} called; none has met its panel yet"
    return f"{Share(figures.met, figures.called)} agencies that were called met a panel"


def say_outcomes(figures: MeetingFigures) -> Iterable[str]:
    whole = figures.whole
    yield say_most_asked([(name_theme(code, title), one) for code, title, one in figures.themes if code])
    if whole.made:
        overdue = f"; {whole.overdue_answers} overdue" if whole.overdue_answers else ""
        yield (
            f"{Share(whole.answered, whole.made)} recommendations have an answer{overdue}. "
            f"{plural(whole.actions, 'action')} {_was(whole.actions)} agreed and "
            f"{plural(whole.refused, 'refusal')} accepted."
        )
    if whole.actions:
        overdue = (
            f", and {whole.overdue_actions} {_is(whole.overdue_actions)} overdue"
            if whole.overdue_actions
            else ""
        )
        yield f"{Share(whole.done, whole.actions)} agreed actions are done{overdue}."
    if whole.verified:
        parts = [(whole.worked, "worked"), (whole.partly, "worked in part"), (whole.failed, "did not work")]
        said = list_words([f"{count} {words}" for count, words in parts if count])
        yield f"An officer has checked {whole.verified} of those done: {said}."
    if figures.unsent:
        yield (
            f"{plural(figures.unsent, 'recommendation')} {_is(figures.unsent)} in no count here, because the letter "
            "has not gone."
        )
    if figures.good_practices:
        yield f"{Share(figures.may_be_shared, figures.good_practices)} examples of good practice may be shared."


def say_most_asked(themes: Sequence[tuple[str, Outcomes]]) -> str:
    """What holds across agencies: the theme that most of them were asked about. Ties are said; one agency is none."""
    most = max((one.agencies for _, one in themes), default=0)
    if most < ACROSS:
        return ""
    level = [(name, one) for name, one in themes if one.agencies == most]
    if len(level) > MOST_NAMES:
        return f"Panels asked {most} agencies each about {len(level)} themes."
    # No sum over themes beside the agencies of one: ‘6 recommendations to 2 agencies each’ reads as twelve.
    counts = {one.made for _, one in level}
    if len(counts) > 1:
        names = list_words([f"{name} ({plural(one.made, 'recommendation')})" for name, one in level])
        return f"Panels asked most agencies about {names}: {most} agencies about each."
    names = list_words([name for name, _ in level])
    under = "for each theme, " if len(level) > 1 else ""
    return (
        f"Panels asked most agencies about {names}: {under}{plural(counts.pop(), 'recommendation')} "
        f"to {most} agencies."
    )


def name_theme(code: str, title: str) -> str:
    return f"{code} {title}".strip()


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


OUTCOME_HEAD = (
    "Theme",
    "Agencies",
    "Recommendations",
    "Answered",
    "Refused",
    "Actions",
    "Done",
    "Verified",
    "Worked",
    "Overdue",
)


def make_tables(
    figures: MeetingFigures, shared: Sequence[tuple[str, str, bool | None]]
) -> tuple[PartTable, ...]:
    lines = [(name_theme(code, title), outcomes) for code, title, outcomes in figures.themes]
    rows = [make_cells(name, one) for name, one in [*lines, ("All", figures.whole)]]
    practice = [(name, text) for name, text, may_be_shared in shared if may_be_shared]
    head = ("Agency", "What it does")
    tables = (
        PartTable("outcomes", "What was agreed with panels, by theme", OUTCOME_HEAD, rows if lines else ()),
        PartTable("good_practice", "Good practice that may be shared", head, practice, names=True),
    )
    return tuple(table for table in tables if table.rows)


def make_cells(name: str, one: Outcomes) -> Sequence[PartCell]:
    """Under OUTCOME_HEAD."""
    return (
        name,
        one.agencies,
        one.made,
        Share(one.answered, one.made),
        one.refused,
        one.actions,
        Share(one.done, one.actions),
        Share(one.verified, one.done),
        one.worked,
        one.overdue_answers + one.overdue_actions,
    )
