"""Words about each theme for whoever works with children: they hang on a wall, where no grade means anything. Pure.

Officers change them in a finding and on a poster; a draft begins with these. What ‘mostly happens’ is what the theme's
indicators ask for, so it is true whatever the figures are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

KEEP_GOING: Final = "Keep going with what works, and show a colleague how you do it."


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """`topic` follows ‘Needs work: ’, `means` follows ‘this mostly happens: ’; the others are sentences."""

    topic: str
    means: str
    why: str
    do: str
    question: str


THEMES: Final[Mapping[str, ThemeWords]] = MappingProxyType(
    {
        "T1": ThemeWords(
            "knowing who leads on children’s safety",
            "everybody knows who leads on safeguarding, and leaders ask how children are",
            "When nobody is sure who decides, a worry waits.",
            "Find out today who your safeguarding lead is, and who stands in for them.",
            "Who is our safeguarding lead, and who stands in when they are away?",
        ),
        "T2": ThemeWords(
            "knowing our policies and when to act",
            "staff know what the policy asks of them, and when a worry must be passed on",
            "A child cannot wait while adults look for the right page.",
            "Read the page of your policy that says when to pass on a worry. Ask about what is unclear.",
            "Which worry would we pass on the same day, and to whom?",
        ),
        "T3": ThemeWords(
            "listening to children and families",
            "children and families are asked what would help, and hear what came of it",
            "A child who is listened to tells us sooner.",
            "Ask a child or a family this week what would help. Tell them what came of it.",
            "When did we last change something because a child asked for it?",
        ),
        "T4": ThemeWords(
            "sharing information and keeping records",
            "the right people are told in time, and records say what was decided and why",
            "A small sign means little by itself. Put together, small signs show a child at risk.",
            "Look at your last record: would a colleague know what you saw, what you did and why?",
            "What would stop us from sharing a worry, and who can tell us that we may?",
        ),
        "T5": ThemeWords(
            "working together and speaking up",
            "families get help early, and staff speak up where they disagree about a child",
            "Help that comes early spares a child harm later.",
            "Learn how to challenge a decision about a child, and do it when you disagree.",
            "What do we do when nobody acts on our worry?",
        ),
        "T6": ThemeWords(
            "recruiting safely",
            "checks are made and written down before anybody starts, volunteers too",
            "Nearly everybody comes to help. Checks are there for those who do not.",
            "Let nobody start with children before their checks are written down.",
            "How do we know that everybody here was checked, agency staff and volunteers too?",
        ),
        "T7": ThemeWords(
            "speaking up about adults’ behaviour",
            "staff and families can raise a concern about an adult, and it is acted on",
            "Silence protects the wrong person.",
            "Find out whom to tell about a colleague, and whom to tell about a manager.",
            "What would make it easier for us to speak up about a colleague?",
        ),
        "T8": ThemeWords(
            "induction, training and supervision",
            "people are trained when they start and after, and have time to talk about hard cases",
            "People notice what they have learned to see.",
            "Book the training that you are due. Take a hard case to your next supervision.",
            "What did we do differently after our last training?",
        ),
        "T9": ThemeWords(
            "spotting each kind of harm",
            "staff know the signs of harm such as neglect, exploitation and abuse online, and act on them",
            "Harm that nobody has a name for is easily missed.",
            "Learn the signs of the kind of harm that you know least about.",
            "Which kind of harm would we be most likely to miss?",
        ),
        "T10": ThemeWords(
            "learning, and checking that it helped",
            "we learn from reviews and from children, change something, and check that it helped",
            "A lesson that changes nothing protects nobody.",
            "Choose a lesson from a recent review, and agree what you will do differently.",
            "What have we changed since the last review, and how do we know that it helped?",
        ),
    }
)


def get_words(code: str, title: str) -> ThemeWords:
    """Of a theme by its code; of one that is not known here as much as its title allows."""
    topic = title[:1].lower() + title[1:]
    return THEMES.get(code) or ThemeWords(
        topic,
        topic,
        "Each of these keeps a child safe once it is done, and not while it is only planned.",
        "Look at this together, agree who does what by when, and check that it worked.",
        f"Where do we stand with this: {topic}?",
    )
