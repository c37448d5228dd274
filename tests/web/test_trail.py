"""The trail of changes knows who made one, and no page opens a session for it."""

from __future__ import annotations

from collections.abc import Callable

from auditlog.models import LogEntry
from django.test import Client

from s11.organisations.models import User
from tests.conftest import Cast


def test_a_change_is_told_with_who_made_it(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    given = {"name": "Harbour and Bay", "contact_email": "ask@harbour.example"}
    sign_in(cast.administrator).post("/p/harbour/desk/settings/", given)
    entry = LogEntry.objects.get_for_object(cast.partnership).latest("pk")
    assert "Harbour and Bay" in str(entry.changes)
    assert entry.actor == cast.administrator


def test_a_visitor_who_reads_opens_no_session(db: None, client: Client) -> None:
    assert "Cookie" not in client.get("/health/").headers.get("Vary", "")
