"""The demonstration's papers for the board: the annual report's chapter with officers' own words, and its cover paper.

The chapter draws on what the year holds by then, so it is drafted after everything else is there.
"""

from __future__ import annotations

from typing import Final

from accountability.board_writing import ask_pdf, change_paper, draft_papers
from accountability.enums import BoardPaperKind
from accountability.models import BoardPaper, Report

TRAINING: Final = (
    "From September, free of charge for everybody who works with children here:\n\n"
    "- **Hearing the child**: ninety minutes online with the harbour’s youth forum, once each half term\n"
    "- **Safer recruitment in a day**: for everybody who recruits, twice a year\n"
    "- **When a concern is about a colleague**: for leads, headteachers and registered managers, each term."
)
HEADING: Final = "## Next year\n\n"
PRIORITIES: Final = (
    "The executive has agreed two priorities for the year to come:\n\n"
    "1. Supply staff and volunteers know whom to tell, from their first day.\n"
    "2. Children hear what came of what they told us.\n\n"
)


def make_board_papers(report: Report) -> None:
    """Drafted by the worker once the report is public; an officer has changed the chapter, and has its PDF made."""
    draft_papers(report=report)
    chapter = BoardPaper.objects.get(report=report, kind=BoardPaperKind.CHAPTER)
    change_paper(
        paper=chapter,
        text=chapter.drafted.replace(HEADING, HEADING + PRIORITIES),
        training=TRAINING,
        seen_version=chapter.version,
        by=report.created_by,
    )
    ask_pdf(paper=chapter, by=report.created_by)
