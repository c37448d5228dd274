"""All of accountability in the export of a partnership, and what its README.txt says of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from accountability.exports.board_tables import list_board_tables
from accountability.exports.course_tables import list_course_tables
from accountability.exports.feedback_tables import list_feedback_tables
from accountability.exports.files import list_file_tables, write_accountability_files
from accountability.exports.finding_tables import list_finding_tables
from accountability.exports.meeting_tables import list_meeting_tables
from accountability.exports.multi_agency_tables import list_multi_agency_tables
from accountability.exports.outcome_tables import list_outcome_tables
from accountability.exports.panel_tables import list_panel_tables
from accountability.exports.report_tables import list_report_tables
from accountability.exports.return_tables import list_return_tables
from accountability.exports.voice_tables import list_voice_tables
from s11.organisations.models import Partnership
from surveys.exports.partnership import Part
from surveys.exports.tables import Table
from surveys.passport_archives import ArchiveWriter

FOLDERS = (
    ("published/", "the files that published-files.csv names, byte for byte as they were published"),
    ("papers/", "the letters, minutes and timetables that papers.csv names"),
    ("feedback/", "the reports that feedback-reports.csv names"),
    ("board/", "the papers that board-papers.csv names"),
    ("returns/", "the pictures that agency-return-pictures.csv names"),
)
LEFT_OUT = (
    "Words and pictures of returns that their agency has not approved, and what its people asked of each other.",
    "What practitioners wrote to a question that is not closed, or that fewer than five answered.",
    "Private lines of enquiry: each is read by who wrote it, and by nobody else.",
    "Packs for meetings, and papers that were drafts: they can be made again, and say what is here.",
    "Quotations of children and families to which no consent is recorded: they stay with the organisation.",
    "Links by which panel members answer and calendars are read, and calendar entries: releases say the same in words.",
)


def list_accountability_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    return chain(
        list_panel_tables(partnership),
        list_meeting_tables(partnership),
        list_outcome_tables(partnership),
        list_feedback_tables(partnership),
        list_course_tables(partnership),
        list_multi_agency_tables(partnership),
        list_voice_tables(partnership),
        list_report_tables(partnership),
        list_finding_tables(partnership),
        list_board_tables(writer, partnership),
        list_return_tables(writer, partnership),
        list_file_tables(writer, partnership),
    )


PART = Part(write_accountability_files, list_accountability_tables, folders=FOLDERS, left_out=LEFT_OUT)
