"""What this app keeps records about people for, and on what basis."""

from s11.web.personal_data import Basis, Purpose

QUESTIONS = Purpose(
    title="Question banks",
    why="To ask the same of all.",
    basis=Basis.NOBODY,
    source="The partnership, or what ships with the service.",
    retention="No period of its own: with the partnership’s records",
)
CYCLES = Purpose(
    title="Cycles",
    why="To ask for returns and to know who was asked.",
    basis=Basis.PUBLIC_TASK,
    source="Officers.",
    retention="No period of its own: with the partnership’s records",
)
AUDITS = Purpose(
    title="Audits and answers",
    why="To hold organisations to account for keeping children safe.",
    basis=Basis.PUBLIC_TASK,
    source="Members of the organisation.",
    retention="Audits: answers and evidence",
    told=(
        "What you enter: answers and notes, each with your name and the time, and earlier versions of them."
    ),
)
EVIDENCE = Purpose(
    title="Evidence",
    why="To show what an answer rests on.",
    basis=Basis.PUBLIC_TASK,
    source="Members of the organisation.",
    retention="Evidence taken out of a library",
    told="Files that you upload as evidence, with your name and the time.",
)
ACTIONS = Purpose(
    title="Actions",
    why="To follow what an organisation said it would do.",
    basis=Basis.PUBLIC_TASK,
    source="Members of the organisation.",
    retention="Finished actions",
    told="Actions that you own or report on.",
)
MODERATION = Purpose(
    title="Moderation and calibration",
    why="To check scores, fairly and in the same way for all.",
    basis=Basis.PUBLIC_TASK,
    source="Officers, and members who reply.",
    retention="Audits: answers and evidence",
    told=("Scores that you moderate, with your reasons, and questions and replies about answers."),
)
SUPPORT = Purpose(
    title="Offers of support",
    why="To offer help to an organisation where the audit gives cause for concern.",
    basis=Basis.PUBLIC_TASK,
    source="Officers, and leads who answer.",
    retention="Audits: answers and evidence",
)
MAIL = Purpose(
    title="E-mails from the service",
    why="To tell people what is due, and to show that they were told.",
    basis=Basis.PUBLIC_TASK,
    source="The service and officers.",
    retention="E-mails that were sent",
    told="E-mails that the service sends you, and whether they arrived.",
)
FILES = Purpose(
    title="Files made on request",
    why="To hand out copies, tables and lists.",
    basis=Basis.PUBLIC_TASK,
    source="Whoever asked for the file.",
    retention="Files made on request",
)
STAFF = Purpose(
    title="Practitioner surveys",
    why="To set what staff say beside what their organisation says.",
    basis=Basis.PUBLIC_TASK,
    source="Staff, whom nothing names.",
    retention="What staff answered",
    told=(
        "Of a practitioner survey that you answer: nothing about you. Each answer adds one to a count; "
        "your name, your internet address and the time are not kept, and nobody can look your answers up,"
        " so they cannot be corrected or taken back either."
    ),
)
