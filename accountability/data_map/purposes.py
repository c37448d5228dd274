"""What this app keeps records about people for, and on what basis."""

from s11.web.personal_data import Basis, Purpose

PANELS = Purpose(
    title="Panels and timetables",
    why="To plan meetings, with nobody judging their own organisation.",
    basis=Basis.PUBLIC_TASK,
    source="Panel members, representatives and officers.",
    retention="Meetings, minutes and letters",
    told=(
        "If you sit on a panel or come to a meeting: when you can come, the interests that you declare, "
        "and whether you came."
    ),
)
MEETINGS = Purpose(
    title="Meetings, minutes and letters",
    why="To hold meetings and keep what was agreed.",
    basis=Basis.PUBLIC_TASK,
    source="Whoever was at the meeting, and officers.",
    retention="Meetings, minutes and letters",
    told="Notes that you write at a meeting, and what minutes and letters say of you.",
)
FEEDBACK = Purpose(
    title="Feedback to organisations",
    why="To give organisations something back, and to know who has read it.",
    basis=Basis.PUBLIC_TASK,
    source="The service.",
    retention="No period of its own: with the partnership’s records",
    told="When you opened your organisation’s feedback report.",
)
PUBLICATION = Purpose(
    title="Reports, findings and posters",
    why="To publish what was learned.",
    basis=Basis.PUBLIC_TASK,
    source="Officers who write and approve.",
    retention="Published reports and posters",
    told=("What you write, comment on, approve or publish of a report, with your name and the time."),
)
VOICES = Purpose(
    title="What children and families said",
    why="To show that what children and families say changes something.",
    basis=Basis.PUBLIC_TASK,
    source="Organisations, in words of their own. Nobody who was heard is named or can be recognised.",
    retention="What children and families said",
    told=(
        "What you record of what children and families told your organisation, with your name and the time; of consent "
        "to a quotation, who recorded it."
    ),
)
COURSES = Purpose(
    title="Training",
    why="To offer courses where audits show a need.",
    basis=Basis.PUBLIC_TASK,
    source="Officers.",
    retention="No period of its own: with the partnership’s records",
)
RETURNS = Purpose(
    title="Agencies’ returns for the annual report",
    why="To tell in the annual report what agencies did, in words that they have approved.",
    basis=Basis.PUBLIC_TASK,
    source="People of the agency who write and approve, and officers.",
    retention="No period of its own: with the partnership’s records",
    told="What you write, approve or decide of an agency’s return, with your name and the time.",
)
MULTI_AGENCY = Purpose(
    title="Multi-agency audits",
    why="To look at a theme across agencies, and to follow what is agreed.",
    basis=Basis.PUBLIC_TASK,
    source="Officers.",
    retention="No period of its own: with the partnership’s records",
)
REFLECTIONS = Purpose(
    title="What practitioners say after a multi-agency audit",
    why="To learn from those whose work was read.",
    basis=Basis.PUBLIC_TASK,
    source="Practitioners, whom nothing names.",
    retention="What practitioners wrote after a multi-agency audit",
    told=(
        "What you write after a multi-agency audit, without your name, your internet address and the time: officers "
        "read it once at least five people have answered, and it is deleted a year after the last day. Nobody knows "
        "which words are yours, so they cannot be looked up, corrected or taken back."
    ),
)
