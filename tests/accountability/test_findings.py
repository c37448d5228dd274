"""Findings of a report: suggested, written by two at once, put in order, tied to numbers, carried into a correction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import pytest
from django.test import Client

from accountability.enums import PosterKind
from accountability.models import Finding, Poster, Report
from accountability.reporting import correct_report, discard_draft
from accountability.writing_findings import (
    NotInThisState,
    add_finding,
    change_finding,
    drop_finding,
    move_finding,
    suggest_findings,
)
from s11.organisations.models import User
from surveys.models import Theme
from tests.accountability.posters import make_document, make_input, make_theme, publish_draft, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]


def test_suggested_once_with_the_numbers_behind_them(cast: Cast, published: Report) -> None:
    document = {**make_document(make_theme("X1", 4), make_theme("X2", 9))}
    for code in ("X1", "X2"):
        Theme.objects.get_or_create(code=code, defaults={"title": code, "position": int(code[1])})
    with patch("accountability.writing_findings.get_documents", return_value=[document]):
        made = suggest_findings(report=published, by=cast.administrator)
        again = suggest_findings(report=published, by=cast.administrator)
    assert [finding.title for finding in made] == ["Needs work: theme X1", "Needs work: theme X2"]
    assert again == []
    figure = made[0].figures.get()
    assert (figure.path, figure.text) == ("themes/X1/at_grade_2", "4 of 10 (40%)")


def test_a_stale_save_changes_nothing_and_gives_the_other_text(cast: Cast, published: Report) -> None:
    finding = add_finding(report=published, entered=make_input(), by=cast.administrator)
    change = partial(change_finding, finding=finding, seen_version=finding.version)
    assert change(entered=make_input("First"), by=cast.administrator) is None
    theirs = change(entered=make_input("Second"), by=cast.quality_officer)
    assert theirs is not None
    assert (theirs.title, theirs.changed_by) == ("First", cast.administrator)


def test_put_in_order_and_dropped(cast: Cast, published: Report) -> None:
    one, two, three = (
        add_finding(report=published, entered=make_input(title), by=cast.administrator) for title in "ABC"
    )
    move_finding(finding=three, is_up=True)
    move_finding(finding=one, is_up=True)
    assert [finding.title for finding in published.findings.all()] == ["A", "C", "B"]
    drop_finding(finding=two, by=two.created_by)
    assert [finding.title for finding in published.findings.all()] == ["A", "C"]


def test_the_officer_s_way(cast: Cast, published: Report, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    theme = make_input().themes[0]
    entered = {
        "title": "Staff know",
        "themes": [theme.pk],
        "found": "Yes [[all/at_grade_2]].",
        "version": "0",
    }
    assert client.post(url("finding_add", published), {**entered, "title": ""}).status_code == 200
    assert client.post(url("finding_add", published), entered).status_code == 302
    finding = Finding.objects.get()
    page = client.get(url("findings", published)).text
    assert "Yes 12 of 12 (100%)." in page
    numbers = url("finding_numbers", published, finding=finding.pk)
    assert client.post(numbers, {"paths": ["all/at_grade_2"]}).status_code == 302
    assert (
        "All organisations: at grade 2 overall: 12 of 12 (100%)"
        in client.get(url("findings", published)).text
    )
    assert client.post(numbers, {"paths": ["all/nothing"]}).status_code == 200
    assert client.post(url("poster_begin", published), {"kind": "briefing"}).status_code == 302
    poster = Poster.objects.get()
    assert poster.kind == PosterKind.BRIEFING
    box = poster.boxes.all()[1]
    at = url("poster_box", published, poster=poster.pk, box=box.pk)
    data = {"heading": "Why", "figure": "", "text": "It matters.", "version": str(box.version)}
    assert client.post(at, data).status_code == 302
    stale = client.post(at, {**data, "text": "Stale."}).text
    assert "has saved another text meanwhile" in stale
    assert "Stale." in stale
    # Who wrote it does not publish it, whatever else they are
    assert client.post(url("poster_publish", published, poster=poster.pk)).status_code == 403


def test_numbers_that_are_too_fine_for_the_list_stay_tied(
    cast: Cast, published: Report, sign_in: SignIn
) -> None:
    finding = add_finding(report=published, entered=make_input(), by=cast.administrator)
    finding.figures.create(path="variants/standard/standards/A1/indicators/A1.1/mean", label="Lowest: A1.1")
    at = url("finding_numbers", published, finding=finding.pk)
    client = sign_in(cast.administrator)
    assert "Lowest: A1.1: 2.00" in client.get(at).text
    client.post(at, {"paths": [figure.path for figure in finding.figures.all()]})
    assert finding.figures.get().label == "Lowest: A1.1"


# Corrections ----------------------------------------------------------------------------------------------------------


def test_a_correction_begins_with_the_findings_each_with_where_it_comes_from(
    cast: Cast, published: Report, sign_in: SignIn
) -> None:
    before = add_finding(report=published, entered=make_input(), by=cast.quality_officer)
    before.figures.create(path="all/at_grade_2", label="All", text="11 of 12 (92%)")
    draft = correct_report(report=published, erratum="It was 11.", by=cast.administrator)
    carried = draft.findings.get()
    assert carried.carried_from == before
    assert (carried.title, carried.found, carried.next_steps) == (
        before.title,
        before.found,
        before.next_steps,
    )
    assert [theme.code for theme in carried.themes.all()] == ["T1"]
    # Whoever wrote the words wrote them, so they do not publish a poster of them.
    assert carried.created_by == cast.quality_officer
    page = sign_in(cast.administrator).get(url("findings", draft)).text
    assert f'{url("findings", published)}#finding-{before.pk}">version 1' in page
    assert 'All: 12 of 12 (100%) <span class="app-quiet">(changed since it was tied)' in page
    with pytest.raises(NotInThisState, match="Drop it from the correction"):
        drop_finding(finding=before, by=before.created_by)
    # And once more, to the version after it
    again = correct_report(report=publish_draft(draft, cast), erratum="It was 10.", by=cast.administrator)
    assert again.findings.get().carried_from == carried


def test_what_is_written_after_the_correction_was_begun_can_be_carried_on(
    cast: Cast, published: Report, sign_in: SignIn
) -> None:
    draft = correct_report(report=published, erratum="It was 11.", by=cast.administrator)
    late = add_finding(report=published, entered=make_input("Late"), by=cast.administrator)
    client = sign_in(cast.administrator)
    assert (
        "1 finding of version 1 is not in this correction:</strong> Late."
        in client.get(url("findings", draft)).text
    )
    for _ in range(2):
        client.post(url("findings_carry", draft))
    assert draft.findings.get().carried_from == late
    assert "not in this correction" not in client.get(url("findings", draft)).text


def test_a_draft_with_findings_can_be_thrown_away(cast: Cast, published: Report) -> None:
    before = add_finding(report=published, entered=make_input(), by=cast.administrator)
    draft = correct_report(report=published, erratum="It was 11.", by=cast.administrator)
    discard_draft(report=draft, by=cast.administrator)
    assert Finding.objects.get() == before
    drop_finding(finding=before, by=before.created_by)
