"""Findings and posters, on their way and published."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import Finding, FindingFigure, Poster, PosterBox, PosterNumber
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_finding_tables(partnership: Partnership) -> Iterator[Table]:
    source = {"id": "pk", "report": "report_id", "cycle": "cycle__slug"}
    yield make_table(
        "findings",
        "what was found across agencies, of a report (an id in reports) or of a cycle",
        Finding.objects.filter(partnership=partnership),
        source
        | keep("position", "title", "found", "why_it_matters", "next_steps", "status", "version")
        | name_people("created_by")
        | keep("created_at")
        | name_people("changed_by")
        | keep("changed_at", "published_at")
        | {"carried_from": "carried_from_id"},
    )
    yield make_table(
        "finding-themes",
        "which themes a finding is about; finding is an id in findings",
        Finding.themes.through.objects.filter(finding__partnership=partnership),
        {"finding": "finding_id", "theme": "theme__code"},
    )
    yield make_table(
        "finding-writers",
        "who has ever changed a finding; finding is an id in findings",
        Finding.writers.through.objects.filter(finding__partnership=partnership),
        {"finding": "finding_id"} | name_people("user"),
    )
    yield make_table(
        "finding-figures",
        "the numbers behind a finding: where each stands in the public figures, and as it was then",
        FindingFigure.objects.filter(finding__partnership=partnership),
        {"finding": "finding_id"} | keep("position", "path", "label", "text"),
    )
    yield make_table(
        "posters",
        "posters and briefings; without a number while one is on its way",
        Poster.objects.filter(partnership=partnership),
        source
        | keep("number", "kind", "title", "status", "version")
        | name_people("created_by")
        | keep("created_at")
        | name_people("approved_by")
        | keep("approved_at")
        | name_people("published_by")
        | keep("published_at")
        | name_people("renamed_by")
        | keep("renamed_at")
        | {"replaces": "replaces_id"},
    )
    yield make_table(
        "poster-writers",
        "who has ever written on a poster, so does not publish it; poster is an id in posters",
        Poster.writers.through.objects.filter(poster__partnership=partnership),
        {"poster": "poster_id"} | name_people("user"),
    )
    yield make_table(
        "poster-boxes",
        "their boxes; poster is an id in posters, finding one in findings",
        PosterBox.objects.filter(poster__partnership=partnership),
        {"poster": "poster_id", "finding": "finding_id"}
        | keep("position", "heading", "figure", "text", "version")
        | name_people("edited_by")
        | keep("edited_at"),
    )
    yield make_table(
        "poster-numbers",
        "numbers on posters that are in no report, and who confirmed that they tell of nobody’s scores",
        PosterNumber.objects.filter(poster__partnership=partnership),
        {"poster": "poster_id"} | keep("words") | name_people("confirmed_by") | keep("confirmed_at"),
    )
