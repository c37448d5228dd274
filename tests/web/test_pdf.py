"""Documents: tagged so that a screen reader can read them, with contents, and taking in nothing from outside."""

from __future__ import annotations

import base64
import datetime as dt
import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page as pdf_checker
import pikepdf
import pytest
from django.template import engines
from jinja2 import DictLoader

from s11.web.pdf import Cover, render_pdf

COVER = Cover("Overview report", "Harbour & Bay", "2027", "Version 1.2", dt.date(2027, 4, 3), "Draft")
REPORT = """{% extends "documents/base.html" %}
{% from "components/charts.html" import score_steps_chart, return_timeline_chart %}
{% from "components/documents.html" import facts, finding, signature %}
{% from "components/key_figures.html" import key_figures %}
{% from "components/status.html" import status_tag %}
{% from "components/table.html" import table %}
{% block front %}{{ key_figures([{"value": "29 of 56 (52%)", "label": "submitted", "note": "97"}]) }}{% endblock %}
{% block body %}
<section id="standards"><h2>Standards</h2>{{ finding("Training is weakest.") }}
{{ score_steps_chart("Scores", "One sentence.", scores, table="open") }}
{{ return_timeline_chart("Returns", "One sentence.", opens, closes, {opens: 3}, 9, closes, table="open") }}
{{ "## Words\\n\\n- one\\n- [two](https://a.example)" | markdown }}</section>
<section id="returns" class="new-page"><h2>Returns</h2>
{{ facts([("Lead", "Ann"), ("Due", none)], "Facts") }}
{{ table("Organisations", ["Who", "Status", "Answers"], rows, numeric=[2], foot=["All", "", 9]) }}
<p>See <a href="#standards">the standards</a>.</p>{{ signature("Ann Lee", "Chair") }}</section>
{% endblock %}"""


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Templates of a test's own, beside the real ones."""
    own: dict[str, str] = {}
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    monkeypatch.setattr(env.loader, "loaders", [DictLoader(own), *env.loader.loaders])
    monkeypatch.setattr(env, "cache", {})
    return own


def make(templates: dict[str, str], source: str, **context: Any) -> bytes:
    templates["tried.html"] = source
    return render_pdf("tried.html", {"cover": COVER} | context)


def test_a_whole_report_is_accessible(templates: dict[str, str]) -> None:
    rows = [[f"Organisation {number}", "Submitted", number] for number in range(80)]
    pdf = make(
        templates,
        REPORT,
        sections=[("standards", "Standards"), ("returns", "Returns")],
        scores=[{"label": "Training", "zeros": 1, "ones": 2, "twos": 3, "not_applicable": 1}],
        opens=dt.date(2027, 1, 1),
        closes=dt.date(2027, 3, 31),
        rows=rows,
    )
    report = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.Lang == "en-GB"
        assert document.open_metadata()["dc:title"] == "Overview report, 2027"
        assert bool(document.Root.MarkInfo.Marked)
        # The rules hold for the fonts that are in the file, not for those that a reader may have.
        fonts = {str(font.BaseFont) for page in document.pages for _, font in page.Resources.Font.items()}
        assert all("DejaVu" in font for font in fonts)
        assert len(document.pages) >= 4


def test_a_letter_has_neither_cover_nor_contents(templates: dict[str, str]) -> None:
    letter = '{% extends "documents/base.html" %}{% set has_cover = false %}{% set has_contents = false %}'
    pdf = make(templates, letter + "{% block body %}<p>Dear Ann</p>{% endblock %}")
    assert pdf_checker.validate_pdf_bytes(pdf, profile="ua1").failures == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1


@pytest.fixture
def neighbour() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that records what is asked of it: (address, paths)."""
    asked: list[str] = []

    class Recorder(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Recorder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def has_pictures(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return any(page.get_images() for page in document.pages)


def test_nothing_is_fetched_from_the_network_or_the_disk(
    templates: dict[str, str],
    neighbour: tuple[str, list[str]],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, asked = neighbour
    secret = tmp_path / "secret.png"
    secret.write_bytes(PICTURE)
    wanted = [
        f"{address}/x.png",
        secret.as_uri(),
        "file:///etc/passwd",
        "/static/../secret.png",
        "/static/%2e%2e/x",
        "/files/x.png",
    ]
    body = "".join(f'<img src="{source}" alt="x">' for source in wanted)
    body += f'<link rel="stylesheet" href="{address}/x.css"><svg><title>x</title><image href="{address}/y.png"/></svg>'
    body += f'<p class="hostile">x</p><style>.hostile {{ background: url({address}/z.png) }}</style>'
    pdf = make(templates, f'{{% extends "documents/base.html" %}}{{% block body %}}{body}{{% endblock %}}')
    assert asked == []
    assert not has_pictures(pdf)
    assert sum("our own static files only" in record.getMessage() for record in caplog.records) >= 5


def test_a_logo_that_stands_in_the_document_is_shown(templates: dict[str, str]) -> None:
    logo = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
    cover = Cover("Overview report", "Harbour & Bay", logo=logo)
    pdf = make(templates, '{% extends "documents/base.html" %}', cover=cover)
    assert has_pictures(pdf)
    assert pdf_checker.validate_pdf_bytes(pdf, profile="ua1").failures == []


def test_our_own_static_files_may_be_used(
    templates: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    picture = '<img src="{{ static("web/icon.svg") }}" alt="s11">'
    make(templates, f'{{% extends "documents/base.html" %}}{{% block body %}}{picture}{{% endblock %}}')
    assert not [record for record in caplog.records if "static files only" in record.getMessage()]
