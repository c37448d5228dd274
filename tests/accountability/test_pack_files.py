"""Packs on paper: accessible whatever they hold, with what a page says, and a day's in one file with contents."""

from __future__ import annotations

import io
from pathlib import Path

import page as pdf_checker
import pikepdf
import pytest
from django.utils import timezone

from accountability.enquiring import prepare_pack
from accountability.models import Meeting, Paper
from accountability.pack_files import build_day_packs, build_pack, name_day_packs, name_pack, render_pack
from accountability.packs import View, get_pack
from accountability.paper_requests import request_paper
from surveys.enums import DocumentKind
from surveys.models import Document
from tests.accountability.pack_world import (
    PackWorld,
    add_sector,
    ask_privately,
    make_pack_world,
    make_past,
    moderate,
)
from tests.accountability.staff import ask_staff
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


def problems_of(pdf: bytes) -> list[tuple[str, str]]:
    report = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    return [(failure.rule_id, failure.message) for failure in report.failures]


def test_a_full_pack_is_accessible(world: PackWorld, cast: Cast) -> None:
    moderate(world, cast)
    make_past(world, cast)
    add_sector(world, cast, 4)
    ask_staff(world, cast)
    world.audit.answers.filter(indicator__code="A1.1").update(commentary="x" * 20_000)
    prepare_pack(meeting=world.meeting)
    ask_privately(world.meeting, world.member, "y" * 2_000)
    meeting = Meeting.objects.with_place().get(pk=world.meeting.pk)
    pdf = render_pack(get_pack(meeting, View(cast.panel_member)))
    assert problems_of(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        title = "Anchor Trust, Pack for the accountability meeting: Audit 2026"
        assert document.open_metadata()["dc:title"] == title


def test_a_day_s_packs_are_one_accessible_file(world: PackWorld, cast: Cast) -> None:
    document = ask_day(world, cast)
    pdf = build_day_packs(document)
    assert problems_of(pdf) == []
    document.refresh_from_db()
    assert len(document.draft_state) == 64
    assert name_day_packs(document) == f"packs-{world.day.date:%Y-%m-%d}"
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        titles = [str(item.title) for top in outline.root for item in (top, *top.children)]
    assert [title for title in titles if title.startswith(("09:30", "9:30", "10:00", "10"))]


def ask_day(world: PackWorld, cast: Cast) -> Document:
    paper = request_paper(
        kind=DocumentKind.DAY_PACKS, by=cast.panel_member, day=world.day, reader=cast.panel_member
    )
    return paper.document


def test_a_paper_that_names_the_agency_is_its_own(
    world: PackWorld, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[View] = []

    def note(pack: object) -> bytes:
        views.append(pack.view)  # type: ignore[attr-defined]  # a Pack
        return b""

    monkeypatch.setattr("accountability.pack_files.render_pack", note)
    place = cast.organisation.participations.get()
    for asked in ({"reader": cast.panel_member}, {"participation": place}, {}):
        paper = request_paper(
            kind=DocumentKind.PACK,
            by=None,
            meeting=world.meeting,
            **asked,
        )
        build_pack(paper.document)
        assert name_pack(paper.document) == "anchor-trust-2026-pack"
    assert [(view.reader, view.for_agency) for view in views] == [
        (cast.panel_member, False),
        (None, True),
        (None, False),
    ]
    # Each of the three is a file of its own; who asks again while it is being made gets the same.
    assert Paper.objects.count() == 3
    again = request_paper(kind=DocumentKind.PACK, by=None, meeting=world.meeting)
    assert again.document == paper.document


def test_a_worker_builds_and_keeps_it(world: PackWorld, cast: Cast, tmp_path: Path, settings: object) -> None:
    from surveys.tasks import build_document  # noqa: PLC0415  with the builders registered, as a worker has it

    document = ask_day(world, cast)
    build_document.call(document.pk)
    document.refresh_from_db()
    assert document.is_built
    # The state that the builder wrote is still there once the file is.
    assert len(document.draft_state) == 64
    assert document.built_at is not None
    assert document.built_at <= timezone.now()
