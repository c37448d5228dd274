"""How the overview's figures are made: every rule and denominator, for the appendix, the page and the workbook.

The rules themselves live in scoring, figures, participation and overview_rows; these sentences follow them.
"""

from __future__ import annotations

from typing import NamedTuple

from s11.web import dates
from surveys.enums import CycleKind, Series
from surveys.overview import Overview


class Rule(NamedTuple):
    about: str
    text: str


SCOPES = {
    CycleKind.FULL: "every indicator of the question bank",
    CycleKind.CORE: "the core indicators, which are the short form",
    CycleKind.TOPIC: "the standards chosen for the topic",
}
SERIES = {
    Series.SELF: "what each organisation scored itself, as last submitted",
    Series.MODERATED: "the quality officer’s score where there is one, else the organisation’s own, "
    "for audits whose moderation is closed",
    Series.PANEL: "the score agreed with the panel where there is one, else the moderated one, "
    "for audits whose minutes are final",
}


COMPARING_RULES = (
    Rule(
        "Year on year",
        "A line is of all audits of each cycle, in the same series. It is broken where the questions changed: where an "
        "indicator is new, is no longer asked, or stands under another standard or theme. An indicator is the same "
        "where its key is, in the same variant; new words under the same key are noted and break nothing.",
    ),
    Rule(
        "Same agencies",
        "Those with a submitted audit of the same variant, and a grade there, in both cycles; over the indicators that "
        "both cycles asked. So before and now are of the same agencies and the same questions also where a line is "
        "broken. Of returns: those invited to both.",
    ),
    Rule(
        "Series compared",
        "Over the audits that have both series. An answer is raised or lowered where its score is another one "
        "afterwards, set aside where it becomes not applicable.",
    ),
    Rule(
        "Sector and size",
        "The sector is the variant’s, or that of the one national register that knows the organisation; else it is not "
        "known. The size is what the profile said when the audit was submitted.",
    ),
    Rule(
        "Several lack",
        "Indicators that three or more audits scored 0 or 1, over all variants that ask the same key.",
    ),
    Rule(
        "Actions",
        "Those born from a submitted answer of the cycle, as at now; overdue from the day after they are due. One that "
        "is done counts as verified once an officer has said whether it worked. What an agency plans of its own accord "
        "is in no count; what was agreed with a panel stands with the meetings.",
    ),
    Rule(
        "Order of organisations",
        "The lowest overall grade first; then most standards below grade 2, most critical zeros, the lowest mean.",
    ),
)


def make_rules(overview: Overview) -> list[Rule]:
    """In reading order."""
    return [
        *make_participation_rules(overview),
        *make_scoring_rules(overview),
        *COMPARING_RULES,
        *make_reading_rules(overview),
    ]


def make_participation_rules(overview: Overview) -> list[Rule]:
    as_at = _say_moment(overview)
    return [
        Rule(
            "Invited",
            "Organisations invited to the cycle, less those exempt. An exempt organisation is in no figure here, "
            "whatever it has entered.",
        ),
        Rule(
            "Registered",
            f"Of the invited, those with an active member, {as_at}. An invitation that nobody has accepted does "
            "not count.",
        ),
        Rule("Users", f"Active members of the invited organisations, each person once, {as_at}."),
        Rule(
            "Started",
            "Of the invited, those with at least one score or not applicable. An answer carried over from last "
            "year counts once it is confirmed. Submitted ones are started.",
        ),
        Rule(
            "Submitted",
            "Of the invited, those whose audit is submitted. One returned for correction counts as last submitted "
            "until it is submitted again. One recalled by its organisation is a draft again. An organisation’s own "
            "national audit, returned in place of answers, counts here and is in no grade or mean.",
        ),
        Rule(
            "On time",
            f"First submitted by the end of {dates.date(overview.cycle.closes_on)}, Europe/London, or of the last day "
            "of an extension. A return for correction does not change it. After a recall the next submission is "
            "judged.",
        ),
        Rule(
            "Return rates",
            "Three: submitted of invited; submitted of registered, in which both counts are of the registered alone; "
            "and on time of submitted.",
        ),
    ]


def _say_moment(overview: Overview) -> str:
    if overview.cycle.closed_at:
        return f"as at {dates.datetime(overview.cycle.closed_at)}, when an officer closed the cycle"
    return f"as at {dates.datetime(overview.made_at)}, because the cycle is not closed"


def _make_asked_rule(overview: Overview) -> Rule:
    return Rule(
        "Asked",
        f"The cycle asks {SCOPES[CycleKind(overview.cycle.kind)]}, if in force on its opening day, "
        f"{dates.date(overview.cycle.opens_on)}, and if the organisation’s profile makes it apply. What an "
        "organisation was not asked is neither missing nor not applicable.",
    )


def make_scoring_rules(overview: Overview) -> list[Rule]:
    return [
        Rule(
            "Scores",
            "0 no progress, 1 working towards with measurable progress, 2 achieved. Not applicable, with a reason, "
            "is no score and is in no mean. An audit with a missing answer cannot be submitted, so none is missing "
            "here, and missing is never 0.",
        ),
        _make_asked_rule(overview),
        Rule(
            "Mean",
            "The sum of scores over their number, to two decimals: of an indicator, a standard or a variant over "
            "all its scored answers in that variant.",
        ),
        Rule(
            "Grade",
            "An audit’s mean over a standard, a theme or the whole, rounded half up to 0, 1 or 2: 0.5 is 1 and 1.5 "
            "is 2. It comes from the exact sum and count, never from a rounded mean. Where nothing is scored there "
            "is no grade.",
        ),
        Rule(
            "At grade 2",
            "Audits at grade 2, of the audits that have a grade there. Every percentage stands with its count and "
            "is rounded half up to a whole number.",
        ),
        Rule(
            "Themes",
            "The ten themes run through all variants. An audit’s grade in a theme is over all that it scored under "
            "the theme: an indicator’s own theme, else its standard’s.",
        ),
        Rule(
            "Critical indicators",
            "A critical indicator scored 0 is listed whatever the average: nine 2s and one 0 average 1.80, which "
            "is grade 2.",
        ),
    ]


def make_reading_rules(overview: Overview) -> list[Rule]:
    return [
        Rule(
            "Series",
            f"{overview.series.label}: {SERIES[overview.series]}. {overview.in_series} submitted audits have it.",
        ),
        Rule(
            "Weakest and strongest",
            "By the exact share at grade 2, or for indicators by the exact mean. Those that are level are said to "
            "be level. What has no grade is compared with nothing. An indicator that fewer than half of its "
            "variant’s audits scored is in no ranking.",
        ),
        Rule(
            "Who may read it",
            "Officers. Small groups are shown and the files name organisations, so neither page nor file is for "
            "publication as it stands.",
        ),
        Rule(
            "Version",
            f"{overview.fingerprint} is made from the figures: two reports with the same version hold the same "
            f"figures. They are as at {dates.datetime(overview.made_at)}.",
        ),
    ]
