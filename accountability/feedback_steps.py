"""What an agency does next, from its feedback report: a few sentences, the most urgent first."""

from __future__ import annotations

from accountability.enums import Standing
from accountability.feedback_reports import AgencyReport
from s11.web.text import list_words, plural

# Nobody reads a longer list of codes; the rest stands below.
MOST = 6


def list_next_steps(report: AgencyReport) -> list[str]:
    found = [_say_zeros(report), _say_recommendations(report), _say_weakest(report)]
    return [*filter(None, found), "Read this with whoever signed the audit, and keep it for the next one."]


def _say_zeros(report: AgencyReport) -> str:
    critical = [row.indicator.code for row in report.zeros if row.indicator.is_critical]
    others = [row.indicator.code for row in report.zeros if not row.indicator.is_critical]
    if not report.zeros:
        return ""
    first = (
        f"{list_words(critical)}, which {'is' if len(critical) == 1 else 'are'} critical" if critical else ""
    )
    rest = list_words(others) if len(others) <= MOST else plural(len(others), "other")
    words = ", then ".join(filter(None, (first, rest)))
    return f"Begin with what is at 0: {words}. Each needs an action with a person and a date in your action plan."


def _say_recommendations(report: AgencyReport) -> str:
    waiting = [str(one.recommendation.number) for one in report.followed if one.waits_for_answer]
    going = [
        str(one.recommendation.number) for one in report.followed if one.standing == Standing.IN_PROGRESS
    ]
    said = [
        f"answer {_name(waiting)}" if waiting else "",
        f"see through what you agreed to do about {_name(going)}" if going else "",
    ]
    return f"For the panel: {', and '.join(filter(None, said))}." if waiting or going else ""


def _name(numbers: list[str]) -> str:
    return f"{'recommendation' if len(numbers) == 1 else 'recommendations'} {list_words(numbers)}"


def _say_weakest(report: AgencyReport) -> str:
    codes = [line.own.code for line in report.weakest]
    if not codes:
        return ""
    return f"Look again at {list_words(codes)}: three in four agencies like yours stand higher there."
