"""The demonstration's command works nowhere but in development; what it builds and prints is in test_demo.py."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from s11.organisations.models import Partnership


def test_refused_outside_development(db: None, settings: LazySettings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG=1"):
        call_command("demo")
    assert not Partnership.objects.exists()
