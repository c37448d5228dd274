"""The schedule that a partnership begins with: suggestions, until its officers set their own. Pure.

No law that we know of says how long a safeguarding partnership keeps these records, so nothing here is given as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEETING, ACTION, AUDIT, SCORECARD, SURVEY, VOICE, MAIL, FILE, EVIDENCE, REMOVED = (
    "meeting",
    "action",
    "audit",
    "scorecard",
    "survey",
    "voice",
    "mail",
    "file",
    "evidence",
    "removed",
)
SUGGESTED: Final = "A suggestion: set the period of your own records management policy."
SIX_YEARS: Final = (
    "A suggestion: six years is common for records of decisions in local government, as most claims on a contract end "
    "then (Limitation Act 1980, section 5). Set the period of your own records management policy."
)


@dataclass(frozen=True, slots=True)
class Default:
    """`months` from the day that `counts_from` names; `goes` says what is destroyed with it."""

    months: int
    counts_from: str
    goes: str
    why: str = SUGGESTED


DEFAULTS: Final = {
    MEETING: Default(
        72,
        "the day of the meeting, or of the last decision on what was agreed there",
        "Seats, agenda, notes, lines of enquiry, minutes with corrections, recommendations, letters and their files.",
        SIX_YEARS,
    ),
    ACTION: Default(
        72,
        "the day on which it was last reported on as done or dropped",
        "The action, what was reported of it, and whether it worked. One that answers a recommendation goes after its "
        "meeting.",
        SIX_YEARS,
    ),
    AUDIT: Default(
        72,
        "the day on which an officer closed the cycle",
        "Answers, facts, commentary, who changed what, sign-off, moderation, copies, escalation, support, finished "
        "actions born of it, and evidence that nothing else names. That the organisation took part, and its "
        "scorecards, stay.",
        SIX_YEARS,
    ),
    SCORECARD: Default(
        120,
        "the day on which an officer closed the cycle",
        "The frozen counts of an audit whose answers are destroyed.",
    ),
    SURVEY: Default(
        36,
        "the last day of the survey",
        "The counts of answers. No answer of one person is ever kept.",
    ),
    VOICE: Default(
        36,
        "the end of the reporting year in which it was heard",
        "What was told, what changed, the quotation with the trail of its consent, and that the annual report was to "
        "tell of it. What was published stays.",
    ),
    MAIL: Default(
        24,
        "the end of the month in which they were sent, refused or stopped",
        "Address, text and enclosures. One that a letter about lateness names goes after its meeting.",
    ),
    FILE: Default(
        24,
        "the end of the month in which they were asked for",
        "Overview reports, papers for the executive, action plans: all of them can be made again.",
    ),
    EVIDENCE: Default(
        12,
        "the day on which it was taken out of the library",
        "The item with all its versions and files, where no answer, action or return names it. Of an organisation in "
        "several partnerships, the longest period holds.",
    ),
    REMOVED: Default(
        6,
        "the day on which it was removed",
        "What could be put back until then, with its files.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fixed:
    """What has no period to be set: how long, and why."""

    what: str
    kept: str
    why: str


BY_CLOCK: Final = (
    Fixed("Sessions, and browsers that signed in", "Until they end", "They serve signing in alone."),
    Fixed(
        "Tokens of data feeds",
        "Until they are ended, or 30 days after their last day",
        "They let programs read, and their person sees why one stopped.",
    ),
    Fixed(
        "Requests to take part: declined, or never confirmed", "90 days", "For questions about the refusal."
    ),
    Fixed(
        "Uploaded tables, answer sheets and passports", "One day", "They wait for somebody to confirm them."
    ),
    Fixed("Zips and exported tables", "One week", "They can be made again."),
    Fixed(
        "What practitioners wrote after a multi-agency audit",
        "A year after the last day",
        "How somebody writes can give them away. What officers made of it stays.",
    ),
    Fixed(
        "Copies of what is held about a person",
        "Two weeks, or as whoever runs this site has set",
        "They are handed over by then, and can be made again. That somebody asked stays.",
    ),
)
FOR_GOOD: Final = (
    Fixed(
        "Published reports and posters",
        "For good",
        "They are the public record. They hold no names of agencies, and the database refuses to delete them.",
    ),
    Fixed(
        "This schedule, destruction lists and their log",
        "For good",
        "They show that records went by rule. They hold numbers of records and names of officers, and nothing of what "
        "was destroyed.",
    ),
    Fixed(
        "The record of changes",
        "As long as what it is about",
        "It goes with its record. What it says of organisations, people and cycles stays while they are here.",
    ),
    Fixed(
        "Accounts whose person has left",
        "Until their name is removed, under ‘Personal data’",
        "Names under decisions are part of these records.",
    ),
    Fixed(
        "All else: organisations, cycles, contacts, roles, invitations, courses, returns for the annual report",
        "While the partnership uses this service",
        "They have no period of their own. A contact’s name goes when an officer removes it.",
    ),
)
