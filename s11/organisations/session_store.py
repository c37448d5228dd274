"""Where sessions are kept: in the database, for as long as somebody is active, and never longer than a working day.

Both limits are the row's own expiry, so nothing else has to ask: a session past it is not found.
"""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from s11.organisations.models import Session

# Kept inside the session, for Django makes its row anew each time.
BEGUN: Final = "begun_at"
BROWSER: Final = "browser"
# Not every page writes that somebody is active.
WRITTEN_EVERY: Final = datetime.timedelta(minutes=2)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def get_session_cookie_age(self) -> int:
        """Of whoever is not signed in, such as somebody who asks to take part, the setting's."""
        if SESSION_KEY not in self:
            return int(settings.SESSION_COOKIE_AGE)
        now = timezone.now()
        begun = datetime.datetime.fromtimestamp(self.get(BEGUN, now.timestamp()), tz=datetime.UTC)
        return int((find_end(begun, now) - now).total_seconds())

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        if SESSION_KEY in data:
            # Before the row is made: its expiry is reckoned from it.
            data.setdefault(BEGUN, now.timestamp())
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        if SESSION_KEY not in data:
            return session
        session.user_id = int(data[SESSION_KEY])
        session.browser = str(data.get(BROWSER, ""))
        session.begun_at = datetime.datetime.fromtimestamp(data[BEGUN], tz=datetime.UTC)
        session.last_active_at = now
        return session

    def _get_session_from_db(self) -> Session | None:
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if session is not None:
            stay_active(session)
        return session


def find_end(begun_at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """When a session ends in which nothing more is done."""
    return min(now + get_idle(), find_last_end(begun_at))


def find_last_end(begun_at: datetime.datetime) -> datetime.datetime:
    """However active somebody is."""
    return begun_at + datetime.timedelta(hours=settings.SESSION_MOST_HOURS)


def get_idle() -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def stay_active(session: Session) -> None:
    """Only the times are written: what another request puts into the session meanwhile stays, and so does its end.

    One that was last active later than now was so by a clock that went wrong: it ends as others do.
    """
    now = timezone.now()
    if session.begun_at is None or session.last_active_at is None:
        return
    # Of a short session a quarter: else somebody active would be signed out before it is written.
    if abs(now - session.last_active_at) >= min(WRITTEN_EVERY, get_idle() / 4):
        Session.objects.filter(pk=session.pk).update(
            last_active_at=now, expire_date=find_end(session.begun_at, now)
        )
