"""Every number that is published is a public figure, found by its place, and no number is written into a page by hand.

Each figure here is a number that nothing else is, so whatever is counted anew or typed in is found out. That the public
figures are those of the tables is tested beside them: tests/surveys/test_public_overview.py and test_every_figure.py.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest

from accountability import narrative
from accountability.report_files import make_data, make_html, make_json, make_workbook
from accountability.report_tables import Row, make_rows
from accountability.sentences import Shown
from accountability.tokens import fill_tokens
from accountability.who_took_part import say_who_took_part
from surveys.disclosure.rules import FEWEST, FEWEST_THAT_SHARE
from surveys.disclosure.words import METHOD
from surveys.figures import GradeCounts, Share, format_mean, percent

Json = dict[str, Any]
SUPPRESSED = {"suppressed": True, "why": "withheld"}
CLOSED = datetime.date(2027, 3, 4)
# The law, the scale of scores and grades, the rule of disclosure control, the marks of an axis, and the dates.
SAID_BY_HAND = {
    *("11", "2004", "175", "157", "2002"),
    *("0", "1", "2"),
    *(str(FEWEST), str(FEWEST_THAT_SHARE)),
    *("25", "50", "75", "100"),
    *("4", "2027", "6"),
}
# Not within a word: codes of standards, versions of licences.
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


class Figures:
    """Numbers that are used once each."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1009, 37)

    def next(self) -> int:
        return next(self.numbers)

    def grades(self) -> Json:
        counts = GradeCounts(self.next(), self.next(), self.next())
        return {"grades": counts.as_json(), "at_grade_2": counts.at_grade_2.as_json()}

    def indicator(self, code: str) -> Json:
        zeros, ones, twos = self.next(), self.next(), self.next()
        mean = format_mean(ones + 2 * twos, zeros + ones + twos)
        about = {"code": code, "key": f"key-{code}", "text": "Staff know whom to tell"}
        scores = {"0": zeros, "1": ones, "2": twos}
        return {**about, "scores": scores, "not_applicable": self.next(), "mean": mean}

    def variant(self, key: str, label: str) -> Json:
        letter = label[0]
        standards: list[Json] = [
            {
                "code": f"{letter}{place}",
                "title": f"Standard {letter}{'abc'[place]}",
                "theme": "T1",
                "mean": f"1.{place}7",
                **self.grades(),
                "indicators": [] if "+" in key else [self.indicator(f"{letter}{place}.1")],
            }
            for place in range(3)
        ]
        standards[2] |= {"grades": SUPPRESSED, "at_grade_2": SUPPRESSED, "mean": SUPPRESSED}
        about = {"variant": key, "label": label, "audits": self.next(), "mean": "1.81"}
        return {**about, **self.grades(), "standards": standards}

    def took_part(self) -> Json:
        names = ("own_tool", "not_submitted", "submitted_with_answers", "submitted", "invited")
        whole = {name: self.next() for name in (*names, "on_time", "registered", "users", "started")}
        kinds = [
            {"variant": key, "label": label, **{name: self.next() for name in names}}
            for key, label in (("standard", "Standard agencies"), ("health", "Health"))
        ]
        shares = {
            name: Share(*sorted((self.next(), self.next()))).as_json()
            for name in ("submitted_of_invited", "submitted_of_registered", "on_time_of_submitted")
        }
        return {**whole, **shares, "not_in_scores": self.next(), "variants": kinds}


def make_document(number: int) -> Json:
    figures = Figures()
    # Another cycle's numbers are others again.
    figures.numbers = itertools.count(1009 + 20_011 * number, 37)
    variants = [
        figures.variant("standard", "Standard agencies"),
        figures.variant("health+care_home", "Health and care homes"),
    ]
    zero = variants[0]["standards"][0]["indicators"][0]
    return {
        "cycle": f"cycle-{number}",
        "series": "self",
        "participation": figures.took_part(),
        "disclosure": {
            "method": list(METHOD),
            "decisions": [{"about": "Health", "text": "H2 Standard Hc: withheld."}],
        },
        "all": {"audits": figures.next(), **figures.grades()},
        "variants": variants,
        "themes": [
            {
                "code": f"T{place}",
                "title": f"Theme {'ab'[place]}",
                "at_grade_2": figures.grades()["at_grade_2"],
            }
            for place in (0, 1)
        ],
        "critical_zeros": [{"variant": "standard", "indicator": zero["code"], "count": zero["scores"]["0"]}],
    }


@pytest.fixture(scope="module")
def content() -> Json:
    documents = [make_document(0), make_document(1)]
    cycles = [
        Shown(place, f"Audit of {name}", document, CLOSED, is_closed=True)
        for place, (name, document) in enumerate(zip(("now", "then"), documents, strict=True), start=1)
    ]
    now = cycles[0]
    said = [
        ("introduction", "", narrative.say_introduction("Harbour", cycles)),
        ("method", "", narrative.say_method(now)),
        ("who_took_part", "", say_who_took_part(cycles)),
        *(
            ("by_variant", one["variant"], narrative.say_variant(cycles, one["variant"]))
            for one in now.document["variants"]
        ),
        ("strengths", "", narrative.say_strengths(now)),
        ("weaknesses", "", narrative.say_weaknesses(now)),
        ("overall", "", narrative.say_overall(cycles)),
        ("follow_up", "", narrative.say_follow_up("Harbour")),
    ]
    return {
        "format": 2,
        "report": {
            "title": "How safe are children here?",
            "partnership": "harbour",
            "partnership_name": "Harbour",
            "number": 6,
            "version": 1,
            "series": "self",
            "published_on": CLOSED.isoformat(),
            "licence": {"name": "Open Government Licence v3.0", "address": "https://licence.example"},
        },
        "cycles": [
            {"slug": one.document["cycle"], "title": one.title, "closed_on": CLOSED.isoformat()} for one in cycles
        ],
        "errata": [],
        "sections": [
            {"kind": kind, "subject": subject, "title": kind.title(), "text": fill_tokens(text, documents)}
            for kind, subject, text in said
        ],
        "figures": documents,
    }  # fmt: skip


def list_numbers(found: Any) -> Iterator[int]:
    """Every count in the public figures."""
    if isinstance(found, bool | str) or found is None:
        return
    if isinstance(found, int):
        yield found
    else:
        for one in found.values() if isinstance(found, dict) else found:
            yield from list_numbers(one)


def list_figures(content: Json) -> set[str]:
    """As they are printed: counts, means, and shares with what follows from their grades."""
    texts = json.dumps(content["figures"])
    numbers = {one for document in content["figures"] for one in list_numbers({**document, "disclosure": {}})}
    return {f"{one:,}" for one in numbers} | {*map(str, numbers)} | {*re.findall(r'"(\d\.\d\d)"', texts)}


class Text(HTMLParser):
    """What a reader reads, of drawings too."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_hidden = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden = False

    def handle_data(self, data: str) -> None:
        if not self.is_hidden:
            self.said.append(data)


def test_every_number_on_the_page_is_a_public_figure(content: Json) -> None:
    reader = Text()
    reader.feed(make_html(content).decode())
    figures = list_figures(content)
    said = [number.rstrip(",") for one in reader.said for number in NUMBER.findall(one)]
    assert len({*said} & figures) > 60
    assert {*said} - figures - SAID_BY_HAND == set()
    # And each section's words use some of them: numbers are not left to tables.
    for section in content["sections"]:
        if section["kind"] not in ("introduction", "method", "follow_up"):
            assert {*NUMBER.findall(section["text"])} & figures, section["kind"]


def find_figure(document: Json, row: Row) -> Any:
    """Where the row says it is; nothing of report_tables is asked."""
    section, figure = str(row["section"]), str(row["figure"])
    if section == "critical_zero":
        (zero,) = [one for one in document["critical_zeros"] if one["indicator"] == row["code"]]
        return zero["count"]
    base = document[{"participation": "participation", "all": "all"}.get(section, "variants")]
    if section == "theme":
        base = document["themes"]
    elif row["variant"]:
        listed = document["participation"]["variants"] if section == "participation" else document["variants"]
        (base,) = [one for one in listed if one["variant"] == row["variant"]]
    if section in ("standard", "indicator"):
        base = base["standards"]
    if section == "indicator":
        base = [one for standard in base for one in standard["indicators"]]
    if row["code"]:
        (base,) = [one for one in base if one["code"] == row["code"]]
    word, _, place = figure.rpartition("_")
    if word in ("grade", "scored"):
        counts = base["grades" if word == "grade" else "scores"]
        return counts if "suppressed" in counts else (counts[place], sum(counts.values()))
    return base[figure]


def test_every_row_is_the_figure_at_its_place_and_every_figure_has_a_row(content: Json) -> None:
    rows = list(make_rows(content))
    for row in rows:
        (document,) = [one for one in content["figures"] if one["cycle"] == row["cycle"]]
        match find_figure(document, row):
            case {"suppressed": True}:
                assert (row["withheld"], row["value"], row["of"], row["percent"], row["mean"]) == (
                    "yes",
                    *[None] * 4,
                ), row
            case {"count": count, "of": of} | (count, of):
                assert (row["value"], row["of"], row["percent"]) == (count, of, percent(count, of)), row
            case str(mean):
                assert row["mean"] == mean, row
            case found:
                assert (row["value"], row["of"]) == (found, None), row
    for document in content["figures"]:
        held = {
            row[name]
            for row in rows
            if row["cycle"] == document["cycle"]
            for name in ("value", "of", "percent")
        }
        assert {*list_numbers({**document, "disclosure": {}})} - held == set()


def test_csv_workbook_and_json_hold_these_rows_and_no_others(content: Json) -> None:
    rows = [{key: "" if one is None else str(one) for key, one in row.items()} for row in make_rows(content)]
    assert list(csv.DictReader(io.StringIO(make_data(content).decode("utf-8-sig")))) == rows
    sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(content)))["Figures"]
    head, *cells = list(sheet.iter_rows(values_only=True))
    for cell, row in zip(cells, rows, strict=True):
        for name, value in zip(head, cell, strict=True):
            expected = row[str(name).lower()]
            if str(name).lower() == "percent" and value is not None:
                assert round(float(str(value)) * 100) == int(expected)
            elif expected and NUMBER.fullmatch(expected):
                assert float(str(value)) == float(expected)
            else:
                assert (value or "") == expected
    assert json.loads(make_json(content)) == content
