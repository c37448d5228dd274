"""What lies beneath several tests is new to each: rows, files and objects, whatever the one before has done to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from s11.organisations.models import Organisation, Partnership
from surveys.models import Evidence, EvidenceVersion
from tests import factories
from tests.conftest import Cast
from tests.ground import GROUND, grounded


@dataclass(frozen=True)
class World:
    partnership: Partnership
    evidence: Evidence


@grounded
def world(cast: Cast) -> World:
    cast.partnership.name = "Harbour and Bay"
    cast.partnership.save()
    return World(cast.partnership, factories.make_evidence(cast.organisation))


@grounded
def site(cast: Cast, world: World) -> Organisation:
    return factories.make_organisation("Cove House", slug="cove", partnership=world.partnership)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_test_spoils_nothing_for_the_next(world: World, cast: Cast, turn: int) -> None:
    assert cast.partnership is world.partnership
    assert (world.partnership.name, world.partnership.contact_email) == ("Harbour and Bay", "")
    world.partnership.contact_email = "ask@harbour.example"
    world.partnership.save()
    file = Path(EvidenceVersion.objects.get().file.path)
    assert file.read_text("utf-8") == "Safer recruitment policy"
    file.unlink()
    assert Organisation.objects.count() == 2
    factories.make_organisation(f"Number {turn}")


@pytest.mark.parametrize("turn", [1, 2])
def test_what_stands_on_it_goes_first(site: Organisation, turn: int) -> None:
    assert [place.partnership.name for place in site.participations.all()] == ["Harbour and Bay"]
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize("turn", [1, 2])
def test_who_asks_for_less_finds_less(cast: Cast, turn: int) -> None:
    assert (cast.partnership.name, Partnership.objects.get(slug="harbour").name) == ("Harbour", "Harbour")
    assert not Evidence.objects.exists()


def test_who_asks_for_nothing_finds_nothing(db: None) -> None:
    assert not Partnership.objects.exists()
    assert not GROUND.layers
    assert connection.in_atomic_block


def test_who_commits_makes_all_of_it(transactional_db: None, world: World) -> None:
    assert not connection.in_atomic_block
    assert world.partnership.name == "Harbour and Bay"
