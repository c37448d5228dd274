"""What the board is given about a published report: the annual report's chapter, and the cover paper it comes with."""

from __future__ import annotations

import secrets

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.enums import BoardPaperKind
from accountability.models.drafted import DraftedText
from accountability.models.reports import Report
from accountability.reporting_years import ReportingYear
from s11.organisations.models import User


def make_board_file_name(paper: BoardPaper, name: str) -> str:
    """Each attempt writes a file of its own."""
    return f"board/{timezone.now():%Y/%m}/{secrets.token_hex(16)}.pdf"


class BoardPaper(DraftedText):
    """One paper, drafted from what was published.

    Its number tokens are filled from the frozen figures of `report` and of `compared_with`, and from `meetings`: what
    meetings had come to on the day of the draft. So a paper says tomorrow what it says today.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="board_papers")
    kind = models.CharField(max_length=10, choices=BoardPaperKind)
    # The report of the year before, where this one does not compare cycles itself.
    compared_with = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="+")
    meetings = models.JSONField(default=dict, blank=True)
    # Of a chapter alone: the year of which it tells; which of its parts the draft took in, by title and digest; and
    # marks of all quotations that any draft took in, to know them by when they are gone.
    year_begins = models.PositiveSmallIntegerField("year begins on 1 April", null=True, blank=True)
    parts = models.JSONField(default=list, blank=True)
    quotations = models.JSONField(default=list, blank=True)
    training = models.TextField(
        blank=True, max_length=5_000, help_text="Which training was commissioned, as an officer entered it."
    )
    pdf_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Empty once the file is made, or has failed.
    pdf_asked_at = models.DateTimeField(null=True, blank=True)
    pdf = models.FileField(upload_to=make_board_file_name, max_length=200, blank=True)
    pdf_version = models.PositiveIntegerField(null=True, blank=True, help_text="Which version it shows.")
    pdf_made_at = models.DateTimeField(null=True, blank=True)
    pdf_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("report", "kind")
        constraints = (
            models.UniqueConstraint(fields=("report", "kind"), name="board_paper_once"),
            models.CheckConstraint(condition=Q(kind__in=BoardPaperKind.values), name="board_paper_known"),
            models.CheckConstraint(
                condition=Q(edited_at=None, edited_by=None, text="")
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="board_paper_edited_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(pdf="", pdf_version=None, pdf_made_at=None)
                | (~Q(pdf="") & Q(pdf_version__isnull=False, pdf_made_at__isnull=False)),
                name="board_paper_file_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.report}"

    @property
    def year(self) -> ReportingYear | None:
        return None if self.year_begins is None else ReportingYear(self.year_begins)

    @property
    def is_waiting(self) -> bool:
        return self.pdf_asked_at is not None

    @property
    def is_pdf_old(self) -> bool:
        return bool(self.pdf) and self.pdf_version != self.version


auditlog.register(
    BoardPaper,
    # Its words too: they may quote somebody, and the record of changes forgets nothing.
    exclude_fields=["drafted", "text", "edited_from", "training", "pdf", "meetings", "parts", "quotations"],
)
