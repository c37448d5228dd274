"""The overview on paper: what belongs together stands on one page, and nothing drags along what does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import engines
from jinja2 import DictLoader

from s11.web.drawings.bars import ShareRow, draw_shares
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.pdf import Cover, lay_out
from tests.surveys.overview_paper import find_page, list_texts

# A page has 251 mm for its content.
BODY = """{% extends "documents/overview.html" %}
{% from "components/drawings.html" import chart_figure %}
{% from "components/documents.html" import finding %}
{% from "components/table.html" import table %}
{% from "surveys/overview_parts.html" import next_step %}
{% block front %}{% endblock %}
{% block body %}
<section class="new-page"><h2>Next</h2><div style="height: 170mm"></div>
{{ chart_figure(small, 3, "open") }}{{ next_step("Go on.") }}</section>
<section class="new-page"><h2>Table</h2><div style="height: 195mm"></div>
{{ table("Alone", ["Who", "How many"], [["Only row", 1]]) }}
<div style="height: 60mm; break-inside: avoid">Block</div></section>
<section class="new-page"><h2>Before</h2><div style="height: 185mm"></div></section>
<section><h2>Opening</h2>{{ finding("Found.") }}{{ chart_figure(other, 3, "open") }}</section>
<section class="new-page"><h2>Long</h2><div style="height: 140mm"></div>{{ chart_figure(long, 3, "open") }}</section>
<section class="new-page"><h2>List</h2><div style="height: 224mm"></div>
<ul><li>One</li><li>Two</li><li>Three</li></ul></section>
{% endblock %}"""


def make_chart(key: str, rows: int) -> Chart:
    drawn = [ShareRow(f"{key} {row}", 1, 2, 50) for row in range(rows)]
    return Chart(
        key=key,
        about=f"About {key}",
        title=f"Title of {key}: 1 of 2 (50%)",
        summary="",
        wide=draw_shares(drawn, WIDE),
        narrow=draw_shares(drawn, NARROW),
        head=("Row", "Share"),
        lines=tuple((f"line {key} {row}", row) for row in range(rows)),
    )


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    monkeypatch.setattr(env.loader, "loaders", [DictLoader({"tried.html": BODY}), *env.loader.loaders])
    monkeypatch.setattr(env, "cache", {})
    context = {
        "cover": Cover("Overview report", "Harbour & Bay", status="For officers"),
        "sections": [],
        "report": {},
        "small": make_chart("small", 4),
        "other": make_chart("other", 4),
        "long": make_chart("long", 12),
    }
    return [list_texts(page) for page in lay_out("tried.html", context).pages]


def test_what_belongs_together_stands_on_one_page(pages: list[list[str]]) -> None:
    # What happens next does not stand alone overleaf.
    following = find_page(pages, "What happens next.")
    assert "line small 3" in pages[following]
    # A short table stays where it has room, whatever follows.
    assert find_page(pages, "Only row") == find_page(pages, "Table")
    assert find_page(pages, "Block") == find_page(pages, "Table") + 1
    # No heading and no finding without what it is about.
    opening = pages[find_page(pages, "Opening")]
    assert {"Found.", "line other 0", "line other 3"} <= set(opening)
    # A long table may follow its drawing overleaf, and says there what it is.
    overleaf = pages[find_page(pages, "line long 0")]
    assert "About long" in overleaf
    assert "Long" not in overleaf
    # No item of a list is left alone.
    assert find_page(pages, "One") == find_page(pages, "Three") == find_page(pages, "List") + 1
    # Every page but the cover says for whom it is.
    assert ["For officers" in page for page in pages] == [True] * len(pages)
