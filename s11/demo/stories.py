"""The words of the demonstration's meetings of last year: noted, minuted and asked; and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from accountability.enums import AgendaKind
from s11.demo import content


class After(Enum):
    """How far minutes and letter are."""

    DRAFT = "draft"
    AGREED = "agreed"
    FINAL = "final"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Asked:
    """A recommendation: its theme's code, and so many days from the meeting until it should be done."""

    text: str
    theme: str
    days: int


@dataclass(frozen=True, slots=True)
class Story:
    """One agency before its panel. `day` counts the days of the round, `slot` the half hours from ten o'clock."""

    name: str
    day: int
    slot: int
    after: After
    # Who came, with their job title.
    came: tuple[tuple[str, str], ...]
    # By item, in the order of the screen: what the chair noted, and what the quality officer made of it.
    noted: Mapping[AgendaKind, str]
    written: Mapping[AgendaKind, str]
    asked: tuple[Asked, ...]


BAYVIEW: Final = Story(
    content.HOME_ORGANISATION,
    day=0,
    slot=0,
    after=After.SENT,
    came=(("Alice Fern", "Headteacher"),),
    noted={
        AgendaKind.PRESENTATION: "Strong on recruitment: every file is checked by two people. New deputy lead since "
        "January.",
        AgendaKind.ENQUIRY: "Asked how supply staff know whom to tell. A card at reception; no check that it is read.",
    },
    written={
        AgendaKind.PRESENTATION: "The school described its strengths: two people check every recruitment file, and a "
        "new deputy lead has been in post since January. It named e-safety and supply staff as what it will work on.",
        AgendaKind.LAST_ACTIONS: "No panel has met the school before. It told what came of its own plan.",
        AgendaKind.ENQUIRY: "The panel asked how supply staff know whom to tell. There is a card at reception, but "
        "nobody checks that it is read. Governors see safeguarding figures once a year and want them each term.",
        AgendaKind.AGREED: "Both recommendations were read out, and the school said that it understood them.",
    },
    asked=(
        Asked(
            "Make sure that supply staff know whom to tell before they first teach, and keep a record of it.",
            "T8",
            90,
        ),
        Asked("Show governors the safeguarding figures every term, and minute what they ask.", "T1", 120),
    ),
)
OYSTER: Final = Story(
    "Oyster Row",
    day=0,
    slot=1,
    after=After.SENT,
    came=(("Marek Dunn", "Registered manager"),),
    noted={
        AgendaKind.PRESENTATION: "Warm home, small team. Records are behind; the manager says so himself.",
        AgendaKind.ENQUIRY: "Return interviews: done, but what the child said is rarely written down.",
    },
    written={
        AgendaKind.PRESENTATION: "The manager described a small and settled team, and named records as its weak side.",
        AgendaKind.ENQUIRY: "The panel asked about children who go missing. Each is spoken to on return; what they "
        "say is rarely written down. Staff on nights are supervised when somebody finds the time.",
        AgendaKind.AGREED: "The manager asked for time for the second recommendation, and was told how to refuse it.",
    },
    asked=(
        Asked("Write down what a child says on return from missing, within three days, each time.", "T3", 90),
        Asked("Take a place on the partnership’s training group.", "T5", 120),
        Asked("Supervise staff on nights every four weeks, and keep its record.", "T8", 150),
    ),
)
MARINA: Final = Story(
    "Marina Dental Practice",
    day=1,
    slot=0,
    after=After.SENT,
    came=(("Petra Lowe", "Practice manager"), ("Dr Sunil Rao", "Dentist")),
    noted={
        AgendaKind.PRESENTATION: "Two sites since spring; the second has no named lead yet.",
        AgendaKind.ENQUIRY: "Missed appointments of children are not followed up.",
    },
    written={
        AgendaKind.PRESENTATION: "The practice opened a second site in spring, which has no named lead yet.",
        AgendaKind.ENQUIRY: "The panel asked what follows when a child is not brought. Nothing does at present.",
        AgendaKind.AGREED: "The practice took all three recommendations away to answer.",
    },
    asked=(
        Asked("Name a safeguarding lead for the second site, and say so in both waiting rooms.", "T1", 60),
        Asked("Follow up each child who is not brought to two appointments in a row.", "T4", 90),
        Asked("Ask at each child’s check-up who else lives in the home, and record the answer.", "T3", 120),
    ),
)
PILOT: Final = Story(
    "Pilot Lane Special School",
    day=2,
    slot=0,
    after=After.FINAL,
    came=(("Joan Whitlock", "Headteacher"),),
    noted={
        AgendaKind.PRESENTATION: "Every pupil has a communication passport that says how they show worry.",
        AgendaKind.ENQUIRY: "Transport staff are trained by the council; the school has never seen a record.",
    },
    written={
        AgendaKind.PRESENTATION: "Each pupil has a passport that says how they show that something is wrong.",
        AgendaKind.ENQUIRY: "The panel asked about drivers and escorts. The council trains them; the school has "
        "not seen the record.",
        AgendaKind.AGREED: "The recommendation was read out and understood.",
    },
    asked=(Asked("See the training record of all transport staff before each term begins.", "T8", 100),),
)
SALTMARSH: Final = Story(
    "Saltmarsh Sailing Club",
    day=2,
    slot=1,
    after=After.AGREED,
    came=(("Colin Hythe", "Commodore"),),
    noted={
        AgendaKind.PRESENTATION: "All instructors have checks; volunteers on the jetty have not.",
        AgendaKind.ENQUIRY: "No written way to complain. Parents ring the commodore.",
    },
    written={
        AgendaKind.PRESENTATION: "All instructors have been checked. Volunteers on the jetty have not.",
        AgendaKind.ENQUIRY: "The club has no written way to complain: parents ring the commodore.",
        AgendaKind.AGREED: "The club will begin with the volunteers.",
    },
    asked=(Asked("Check every volunteer who is alone with children, before the season opens.", "T6", 90),),
)
BRANNOC: Final = Story(
    "St Brannoc's Parish Network",
    day=2,
    slot=2,
    after=After.DRAFT,
    came=(("Revd Una Clegg", "Team rector"),),
    noted={
        AgendaKind.PRESENTATION: "Five parishes, one safeguarding officer for two days a week.",
        AgendaKind.ENQUIRY: "Youth group leaders do not know the threshold document.",
    },
    written={},
    asked=(Asked("Take every youth group leader through the thresholds, with two examples.", "T2", 120),),
)
STORIES: Final = (BAYVIEW, OYSTER, MARINA, PILOT, SALTMARSH, BRANNOC)
