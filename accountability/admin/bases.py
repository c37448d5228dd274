"""What all of these have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from surveys.admin_bases import LookedAt


class OfMeetings(LookedAt):
    """Shown by id, because a row's name would cost queries for each."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")
