"""The demonstration's command: it prints who can sign in, may run again, and works nowhere but in development."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from s11.demo import content
from s11.organisations.models import Participation, Partnership, User
from surveys.models import Cycle


def test_the_command_prints_the_logins_and_runs_twice(db: None, settings: LazySettings) -> None:
    settings.DEBUG = True
    first, second = StringIO(), StringIO()
    call_command("demo", stdout=first)
    counts = (Participation.objects.count(), Cycle.objects.count(), User.objects.count())
    call_command("demo", stdout=second)
    assert (Participation.objects.count(), Cycle.objects.count(), User.objects.count()) == counts
    for email, _ in content.OFFICER_LOGINS.values():
        assert email in first.getvalue()
        assert email in second.getvalue()
    assert content.PASSWORD in first.getvalue()


def test_refused_outside_development(db: None, settings: LazySettings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG=1"):
        call_command("demo")
    assert not Partnership.objects.exists()
