"""Made-up requests to every address, as everybody: no fault of ours, nothing half there, nobody's words in the log."""

from __future__ import annotations

import io
import logging
import random
import re
from collections import Counter
from html import unescape
from typing import Any, Final

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from s11.organisations.models import User
from s11.verifying import find_lost_references, find_scorecard_faults
from s11.web.log_filters import HideTokens, OneLineOfRefusals
from s11.web.log_lines import Line
from s11.web.request_ids import AddRequestId
from tests.addresses import ADDRESSES, Address
from tests.conftest import Cast
from tests.faults.harness import SEED, SIZE, report
from tests.test_every_address import World, built, cast, make_url, world

__all__ = ["built", "cast", "world"]

NAME: Final = "Zebedee Quillfeather"
EMAIL: Final = "zebedee.quillfeather@nowhere.example"
WORDS: Final = "The child was seen by nobody for three weeks"
GARBAGE: Final = (
    "", " ", "0", "-1", "1", "2", "99999999999999999999", "1e400", "NaN", "on", "true", "null", "\0", "\r\n",
    "A1.1", "2026-02-30", "31", "13", "0000", "é" * 300, "x" * 5_000, "\ud7ff", "\u202e", "😀" * 50,
    "<script>", "{{ 7*7 }}", "%s%n", "' OR 1=1 --", "../../etc/passwd", "=1+1", "https://elsewhere.example",
    "javascript:alert(1)", "//", "[]", "{}",
    NAME, EMAIL, WORDS, f"{NAME} <{EMAIL}>", "lead@anchor.example",
)  # fmt: skip
FIELD: Final = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"([^>]*)')
VALUE: Final = re.compile(r'\bvalue="([^"]*)"')
FILES: Final = (b"", b"PK\x03\x04", b"%PDF-1.7", b"Key,Name\n,\n", b"\x89PNG\r\n\x1a\n", b"\xff\xfe\0")


def read_fields(page: str) -> dict[str, list[str]]:
    """The fields of all forms on a page, each with the values that it offers."""
    found: dict[str, list[str]] = {}
    for tag in FIELD.finditer(page):
        value = VALUE.search(tag.group(0))
        found.setdefault(unescape(tag.group(1)), []).append(unescape(value.group(1)) if value else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def make_data(fields: dict[str, list[str]], chance: random.Random) -> dict[str, Any]:
    """Mostly what the page offers, so that something is reached behind the first check; the rest is garbage."""
    share = chance.choice((0.1, 0.3, 1.0))
    data: dict[str, Any] = {}
    for name, offered in fields.items():
        if chance.random() < 0.1:
            continue
        data[name] = chance.choice(GARBAGE) if chance.random() < share else chance.choice(offered)
        if chance.random() < 0.03:
            data[name] = SimpleUploadedFile("a.csv", chance.choice(FILES))
    for _ in range(chance.choice((0, 0, 1, 3))):
        data[chance.choice(GARBAGE) or "x"] = chance.choice(GARBAGE)
    return data


def make_address(address: Address, rows: World, chance: random.Random) -> str:
    """Mostly as it is; now and then a part of it is made up, where such an address exists."""
    if chance.random() > 0.15 or not address.arguments:
        return make_url(address, rows)
    arguments: dict[str, Any] = {name: rows.get(value, value) for name, value in address.arguments.items()}
    name = chance.choice(list(arguments))
    made_up: tuple[Any, ...] = (0, 2**31, 2**63, "x", "A9.9", "é", "no-such-thing", "1" * 300)
    arguments[name] = chance.choice(made_up)
    try:
        return reverse(address.name, kwargs=arguments)
    except NoReverseMatch:
        return make_url(address, rows)


def ask(client: Client, url: str, chance: random.Random) -> tuple[str, Any]:
    method = chance.choice(("get", "post", "post", "post"))
    headers = chance.choice(({}, {}, {"HX-Request": "true"}, {"Accept": "application/json"}))
    if method == "get":
        query = {
            chance.choice(("page", "show", "q", "search", "cycle", "go", "next", "x")): chance.choice(GARBAGE)
        }
        return method, client.get(url, query, headers=headers)
    page = client.get(url)
    shown = "" if page.streaming or page.status_code != 200 else page.content.decode(errors="replace")
    page.close()
    return method, client.post(url, make_data(read_fields(shown), chance), headers=headers)


@pytest.fixture
def log() -> Any:
    """What would stand in the log of a server, line by line."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    configured: Any = settings.LOGGING
    handler.setFormatter(Line(configured["formatters"]["line"]["format"]))
    for one in (AddRequestId(), HideTokens(), OneLineOfRefusals()):
        handler.addFilter(one)
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def choose_person(address: Address, cast: Cast, chance: random.Random) -> User | None:
    """Mostly one who gets somewhere there."""
    let_in = [one for name, one in cast.people.items() if name in address.who]
    return chance.choice(let_in if let_in and chance.random() < 0.8 else [*cast.people.values(), None])


def find_broken() -> list[object]:
    return [*find_lost_references(), *find_scorecard_faults(lambda _: None)]


@pytest.fixture
def _files_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request writes is taken back, but no file that it deletes would come back."""
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", lambda self, name: None)


@pytest.mark.usefixtures("_files_stay")
def test_whatever_is_asked(cast: Cast, world: World, log: io.StringIO) -> None:
    chance = random.Random(SEED)
    answers: Counter[int] = Counter()
    names: set[str] = set()
    wrong: list[str] = []
    order: list[Address] = []
    for number in range(SIZE):
        # Every address has its turn before any has a second.
        order = order or chance.sample(ADDRESSES, len(ADDRESSES))
        address = order.pop()
        person = choose_person(address, cast, chance)
        client = Client(raise_request_exception=False, headers={"Origin": "http://testserver"})
        with transaction.atomic():
            if person is not None:
                client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            url = make_address(address, world, chance)
            method, answer = ask(client, url, chance)
            answer.close()
            answers[answer.status_code] += 1
            names.add(f"{method} {address.name}")
            if answer.status_code >= 500:
                wrong.append(f"{number}: {method} {url} as {person}: {answer.status_code}")
            elif number % 50 == 0 and (broken := find_broken()):
                wrong.append(f"{number}: {method} {url} as {person}: {broken}")
            transaction.set_rollback(True)
    assert wrong == [], "\n".join(wrong[:20])
    said = log.getvalue()
    assert [word for word in (NAME, EMAIL, WORDS) if word in said] == []
    report(
        "garbage requests",
        requests=SIZE,
        methods_and_addresses=len(names),
        answers={str(code): count for code, count in sorted(answers.items())},
    )
