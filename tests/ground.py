"""What many tests begin with, made once: rows in a transaction that stays open beneath all tests that ask for the same.

A fixture marked `@grounded` is made when a test first asks for it, and taken back when one comes that begins otherwise.
Each test has a savepoint above it and copies of its objects and files, so it finds what it would have made itself, and
nothing else. Such a fixture does nothing but make rows and their files, and asks only for others like it.
"""

from __future__ import annotations

import copy
import inspect
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

Build = Callable[..., Any]
# By the function that pytest knows
BUILDS: dict[Callable[..., Any], Build] = {}
# They commit, so nothing may lie beneath them.
COMMITTING = {"transactional_db", "live_server"}


def grounded(build: Build) -> Any:
    """In place of `pytest.fixture`."""
    own = list_names(build)

    def give(**given: Any) -> Any:
        return GROUND.give(build) if GROUND.holds(build) else build(**{name: given[name] for name in own})

    asked = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in dict.fromkeys(["db", *own])]
    give.__signature__ = inspect.Signature(asked)  # type: ignore[attr-defined]  # which pytest reads
    give.__name__, give.__doc__, give.__module__ = build.__name__, build.__doc__, build.__module__
    BUILDS[give] = build
    return pytest.fixture(give)


def list_names(build: Build) -> list[str]:
    """The fixtures that it asks for."""
    return list(inspect.signature(build).parameters)


def find_builds(item: pytest.Item) -> tuple[tuple[str, Build], ...]:
    """What may lie beneath a test, by the fixture's name, each after those that it asks for."""
    if not isinstance(item, pytest.Function) or commits(item) or stands_by_itself(item.module):
        return ()
    found: dict[str, Build] = {}
    known = item._fixtureinfo.name2fixturedefs  # no public way says which fixture a name means here

    def add(name: str) -> bool:
        if name in found or name == "db":
            return True
        build = BUILDS.get(known[name][-1].func) if name in known else None
        if build is None or not all(add(one) for one in list_names(build)):
            return False
        found[name] = build
        return True

    for name in sorted(item.fixturenames):
        add(name)
    return tuple(found.items())


def commits(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(COMMITTING & {*item.fixturenames} or (marker and (marker.args or marker.kwargs)))


def stands_by_itself(module: Any) -> bool:
    """Where the clock is moved rows are made by that clock; a module's own rows lie in a transaction of its own."""
    return hasattr(module, "time_machine") or hasattr(module, "DjangoDbBlocker")


@dataclass(frozen=True, slots=True)
class Layer:
    build: Build
    rows: transaction.Atomic
    files: Path
    # All that stands here, by name, those beneath among them: a fixture may change the objects that it is given.
    values: dict[str, Any]


class Ground:
    """Of one process."""

    def __init__(self) -> None:
        # None while there is no database
        self.blocker: DjangoDbBlocker | None = None
        self.folders: Iterator[Path] = iter(())
        self.layers: list[Layer] = []
        self.copied: dict[int, Any] = {}

    def stand_on(self, builds: Sequence[tuple[str, Build]]) -> None:
        """Called before a test, and before its database is opened."""
        self.copied = {}
        if self.blocker is None:
            return
        same = 0
        while same < min(len(builds), len(self.layers)) and self.layers[same].build is builds[same][1]:
            same += 1
        with self.blocker.unblock():
            self.leave(0 if self.layers and connection.needs_rollback else same)
            for name, build in builds[len(self.layers) :]:
                self.add(name, build)

    def leave(self, layers: int = 0) -> None:
        while len(self.layers) > layers:
            layer = self.layers.pop()
            close(layer.rows)
            shutil.rmtree(layer.files, ignore_errors=True)

    def add(self, name: str, build: Build) -> None:
        beneath = copy.deepcopy(self.layers[-1].values) if self.layers else {}
        files = next(self.folders)
        self.bring_files(files)
        rows = transaction.atomic()
        rows._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: `durable` may stand in it
        rows.__enter__()
        try:
            given = {one: beneath.get(one) for one in list_names(build)}  # `db` alone is nothing
            with override_settings(MEDIA_ROOT=files):
                values = {**beneath, name: build(**given)}
            connection.check_constraints()
        except BaseException:
            close(rows)
            raise
        self.layers.append(Layer(build, rows, files, values))

    def holds(self, build: Build) -> bool:
        return any(layer.build is build for layer in self.layers)

    def give(self, build: Build) -> Any:
        """A copy of the test's own. Who stands in two of them is one object, as if the test had made both."""
        name = build.__name__
        return copy.deepcopy(self.layers[-1].values[name], self.copied)

    def bring_files(self, folder: Path) -> None:
        """Copies of those that the rows name."""
        if self.layers and self.layers[-1].files.exists():
            shutil.copytree(self.layers[-1].files, folder)


def close(rows: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    rows.__exit__(None, None, None)


GROUND = Ground()
