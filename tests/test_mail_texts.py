"""Every mail has a text that a person could act on: what it is, what to do, where, who wrote and whom to ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from surveys.cycle_texts import KINDS, get_shipped
from surveys.enums import MessageKind
from surveys.placeholders import PLACEHOLDERS, fill, find_fault

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.txt"))
WORDS = [name for name in TEMPLATES if "/words/" in name]
OWN = [name for name in TEMPLATES if name not in WORDS and name != "foot.txt"]
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
SUBJECT_LENGTH = 160  # as a template: with what is filled in still a line
VALUES = {name: f"the {name}" for name in PLACEHOLDERS} | {"link": "https://s11.example/p/x/"}


def read(name: str) -> tuple[str, str]:
    text = COMMENT.sub("", (FOLDER / name).read_text()).strip()
    lines = [line for line in text.split("\n") if not re.fullmatch(r"\{%.*%\}", line.strip())]
    return lines[0], "\n".join(lines[1:])


def test_all_are_looked_at() -> None:
    assert len(OWN) >= 18
    assert {Path(name).stem for name in WORDS} == {*KINDS, "partners"}


@pytest.mark.parametrize("name", OWN)
def test_a_template_has_a_subject_a_way_to_act_and_whom_to_ask(name: str) -> None:
    subject, body = read(name)
    assert 0 < len(subject) <= SUBJECT_LENGTH * 2
    assert not re.search(r"\{%|TODO|XXX|lorem", subject)
    text = (FOLDER / name).read_text()
    links = re.findall(r"^\{\{ \w*(?:link|url|reset|desk)\w* \}\}$", text, re.MULTILINE)
    asks = 'include "emails/foot.txt"' in text or "Questions?" in text or " ask the lead" in text
    assert links or "unknown_account" in name, "one link on a line of its own"
    assert asks, "nobody is named to ask"
    assert len(body.split()) >= 10
    assert not re.search(r"\b(please|successfully)\b|!(?!=)", body.replace("{#", ""), re.IGNORECASE)


def test_the_foot_says_who_wrote() -> None:
    text = (FOLDER / "foot.txt").read_text()
    assert "partnership.name" in text
    assert "partnership.contact_email" in text


@pytest.mark.parametrize("name", [Path(one).stem for one in WORDS])
def test_shipped_words_can_be_acted_on(name: str) -> None:
    words = get_shipped(name)
    assert not find_fault(words.subject)
    assert not find_fault(words.body)
    subject, body = fill(words.subject, VALUES), fill(words.body, VALUES)
    assert 20 < len(subject) <= SUBJECT_LENGTH
    assert not set("{}#%") & set(subject + body)
    assert body.count("https://") == (0 if name == "partners" else 1), "one link, or a named contact"
    assert "the contact" in body, "whom to ask"
    assert "the partnership" in body, "who wrote it"
    assert "the organisation" in subject
    assert not re.search(r"\b(please|successfully)\b|!", body, re.IGNORECASE)


def test_each_kind_that_the_clock_sends_has_words() -> None:
    assert {get_shipped(kind).subject for kind in KINDS} == {get_shipped(kind).subject for kind in set(KINDS)}
    assert MessageKind.OVERDUE in KINDS
