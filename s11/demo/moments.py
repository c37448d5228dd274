"""When what the demonstration's people did was written into the trails, which nobody can change afterwards."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db.models import Model
from django.db.models.signals import post_init

from accountability.models import RecommendationEvent, Release, ReportEvent, VoiceConsent
from surveys.models import ActionUpdate, ActionVerification, AuditEvent, SupportNote

TRAILS: Final[tuple[type[Model], ...]] = (
    ActionUpdate,
    ActionVerification,
    AuditEvent,
    RecommendationEvent,
    Release,
    ReportEvent,
    SupportNote,
    VoiceConsent,
)


@contextmanager
def writing_at(moment: datetime.datetime) -> Iterator[None]:
    """Lines that are made within it say this moment, whatever the verb that makes them takes for now."""

    def say(instance: Any, **_: object) -> None:
        if instance.pk is None:
            instance.at = moment

    for trail in TRAILS:
        post_init.connect(say, sender=trail, weak=False)
    try:
        yield
    finally:
        for trail in TRAILS:
            post_init.disconnect(say, sender=trail)
