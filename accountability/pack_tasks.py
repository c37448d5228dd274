"""The job that prepares the packs of a round. Run twice, or killed half way and run again, it writes each line once."""

from __future__ import annotations

from django_tasks import task

from accountability.enquiring import prepare_packs
from accountability.enums import MeetingStatus
from accountability.models import Meeting


@task()
def prepare_round(panel: int) -> None:
    """Suggest lines of enquiry for each agency that is called."""
    prepare_packs(
        Meeting.objects.filter(panel=panel, status=MeetingStatus.CALLED).with_place().order_by("pk")
    )
