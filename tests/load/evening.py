"""Who comes on the deadline evening, as the world tells the load generator: plain data, which needs no Django."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of an organisation, the standards they answer, and whether they submit."""

    number: int
    email: str
    password: str
    organisation: str
    address: str
    standards: list[str]
    submits: bool


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody at the desk, with the secret of the app that shows their codes."""

    email: str
    password: str
    secret: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A file to upload, and the checksum of what is kept of it: pictures lose what a camera wrote into them."""

    name: str
    content_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evening:
    partnership: str
    cycle: str
    people: list[Person]
    officers: list[Watcher]
    samples: list[Sample]


def read_evening(folder: Path) -> Evening:
    told = json.loads((folder / "evening.json").read_text(encoding="utf-8"))
    return Evening(
        partnership=told["partnership"],
        cycle=told["cycle"],
        people=[Person(**one) for one in told["people"]],
        officers=[Watcher(**one) for one in told["officers"]],
        samples=[Sample(**one) for one in told["samples"]],
    )
