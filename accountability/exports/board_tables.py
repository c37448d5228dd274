"""What the board is given about a published report: its words, and the PDF as it was last made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from accountability.models import BoardPaper
from s11.organisations.models import Partnership
from surveys.exports.files import write_file
from surveys.exports.tables import BATCH, Row, Table
from surveys.passport_archives import ArchiveWriter

DRAWN = ("meetings", "year_begins", "parts")
WORDS = ("kind", *DRAWN, "drafted", "drafted_at", "text", "edited_at", "training", "version")
MADE = ("pdf_version", "pdf_made_at")
COLUMNS = ("report", "compared_with", *WORDS, "edited_by", *MADE, "file")


def write_board_files(writer: ArchiveWriter, partnership: Partnership) -> None:
    for paper in _list_papers(partnership).exclude(pdf="").iterator(BATCH):
        write_file(writer, _name_file(paper), paper.pdf)


def list_board_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    """After `write_board_files`: a row names a file only where it is in the zip."""

    def list_rows() -> Iterator[Row]:
        for paper in _list_papers(partnership).iterator(BATCH):
            name, editor = _name_file(paper), paper.edited_by
            yield {column: getattr(paper, column) for column in (*WORDS, *MADE)} | {
                "report": paper.report_id,
                "compared_with": paper.compared_with_id,
                "edited_by": editor.email if editor is not None else None,
                "file": name if name in writer.written else "",
            }

    yield Table(
        "board-papers",
        "what the board is given of a report, numbers as tokens; report and compared_with are ids in reports; a "
        "chapter tells of the year from 1 April of year_begins",
        COLUMNS,
        list_rows,
    )


def _list_papers(partnership: Partnership) -> QuerySet[BoardPaper]:
    here = BoardPaper.objects.filter(report__partnership=partnership)
    return here.select_related("edited_by").order_by("pk")


def _name_file(paper: BoardPaper) -> str:
    return f"board/{paper.pk:06}-{paper.kind}.pdf"
