"""Every number of the overview's JSON, counted anew from the tables' plain rows by loops: the two must be equal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from s11.organisations.models import Membership, Organisation, Participation, User
from surveys.enums import CycleKind, Series
from surveys.full_overview import full_as_json, get_full_overview
from surveys.models import (
    Action,
    ActionVerification,
    Answer,
    Audit,
    Cycle,
    CycleQuestionnaire,
    Indicator,
    Invitee,
    Moderation,
    OwnToolReturn,
    ProfileAnswer,
    ProfileChange,
    ProfileQuestion,
    SeriesClose,
    Standard,
    Theme,
)
from tests.surveys.overview_world import World, make_world
from tests.surveys.slow_overviews import slow_full_overview

pytestmark = pytest.mark.django_db
TABLES: tuple[type[models.Model], ...] = (
    Action,
    ActionVerification,
    Answer,
    Audit,
    Cycle,
    CycleQuestionnaire,
    CycleQuestionnaire.standards.through,
    Indicator,
    Invitee,
    Membership,
    Moderation,
    Organisation,
    OwnToolReturn,
    Participation,
    ProfileAnswer,
    ProfileChange,
    ProfileQuestion,
    SeriesClose,
    Standard,
    Theme,
    User,
)
# Sentences; tests beside this one read them.
SAID = ("reason", "note")


def read_tables() -> dict[str, list[dict[str, Any]]]:
    return {
        table._meta.model_name or "": list(table._default_manager.order_by("pk").values()) for table in TABLES
    }


def leave_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: leave_out(one) for key, one in value.items() if key not in SAID}
    return [leave_out(one) for one in value] if isinstance(value, list) else value


def say(value: Any) -> str:
    return json.dumps(leave_out(value), indent=1)


def check(world: World, series: Series, compared: list[str] | None = None) -> dict[str, Any]:
    full = get_full_overview(world.cycle, series, compared)
    got = full_as_json(full)
    slugs = [cycle.slug for cycle in full.years.earlier]
    row = Cycle.objects.filter(pk=world.cycle.pk).values().get()
    expected = slow_full_overview(read_tables(), dict(row), series.value, slugs, timezone.localdate())
    assert set(got) - set(expected) == {"partnership", "cycle", "series"}
    for key, figures in expected.items():
        assert say(got[key]) == say(figures), key
    return got


@pytest.mark.parametrize("series", Series)
@pytest.mark.parametrize("seed", range(2))
def test_every_figure_of_full_cycles(seed: int, series: Series) -> None:
    got = check(make_world(seed), series)
    assert got["years"]["cycles"] == ["2024", "2025", "2026"]


@pytest.mark.parametrize("kind", [CycleKind.CORE, CycleKind.TOPIC])
def test_every_figure_beside_a_short_or_a_topic_cycle(kind: CycleKind) -> None:
    world = make_world(1, kind)
    assert check(world, Series.SELF)["years"]["cycles"] == ["2024", "2026"]
    got = check(world, Series.SELF, ["2025"])
    assert got["years"]["cycles"] == ["2025", "2026"]
    (pair,) = got["years"]["both"]
    assert not pair["same_questions"]
    assert 0 < pair["indicators"] < 5
