"""All of accountability leaves with its partnership: a row of each table, each file that went out, and no secret."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accountability.exports.everything import FOLDERS, PART
from accountability.models import CalendarFeed, PanelMember, Paper, PosterSheet
from s11.organisations.models import Partnership
from surveys.exports.tables import write_table
from surveys.passport_archives import ArchiveWriter
from tests.accountability.everything_rows import FILES, KEPT, fill
from tests.conftest import Cast
from tests.ground import grounded

# A person's own, with nothing but the secret half of its address.
# A feed is a person's own; the sheet of a draft can be made again.
NOBODYS = {CalendarFeed, PosterSheet}


def export(partnership: Partnership) -> dict[str, bytes]:
    target = io.BytesIO()
    writer = ArchiveWriter(target)
    with writer.archive:
        PART.write_files(writer, partnership)
        for table in PART.list_tables(writer, partnership):
            write_table(writer, table)
        writer.finish()
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "SHA256SUMS"}


@grounded
def members(cast: Cast) -> dict[str, bytes]:
    """Of Harbour, while Moorland has a row of everything too."""
    fill(cast.partnership, cast.administrator, "Gannet")
    fill(cast.elsewhere, cast.outsider, "Puffin")
    return export(cast.partnership)


def test_everything_is_there_and_nothing_of_another(cast: Cast, members: dict[str, bytes]) -> None:
    other = export(cast.elsewhere)
    for mark, found in (("Gannet", members), ("Puffin", other)):
        texts = b"\n".join(content for name, content in found.items() if "/" not in name)
        files = [content.decode() for name, content in found.items() if "/" in name]
        assert [word for word in KEPT if f"{word} {mark}".encode() not in texts] == []
        assert sorted(files) == sorted(f"{word} {mark}" for word in FILES)
    tables = [name.removesuffix(".json") for name in members if name.endswith(".json")]
    assert [name for name in tables if not json.loads(members[f"{name}.json"])] == []
    assert [name for name in tables if f"{name}.csv" not in members] == []
    strange = b"".join(members.values()).lower()
    assert b"puffin" not in strange
    assert b"gannet" not in b"".join(other.values()).lower()
    assert not [name for name in members if "puffin" in name.lower()]


def test_no_model_is_forgotten(cast: Cast) -> None:
    """A new one has to be put into a table here, or among those that are nobody’s."""
    with CaptureQueriesContext(connection) as queries:
        export(cast.partnership)
    asked = " ".join(query["sql"] for query in queries)
    models = set(apps.get_app_config("accountability").get_models(include_auto_created=True))
    assert {model for model in models if f'FROM "{model._meta.db_table}"' not in asked} == NOBODYS


def test_no_secret_leaves_and_each_file_is_named(members: dict[str, bytes]) -> None:
    for table in ("papers", "feedback-reports", "published-files", "board-papers", "agency-return-pictures"):
        assert all(row["file"] in members for row in json.loads(members[f"{table}.json"])), table
    folders = {name.partition("/")[0] + "/" for name in members if "/" in name}
    assert folders == {name for name, _ in FOLDERS}
    everything = b"".join(members.values())
    member = PanelMember.objects.get(panel__cycle__slug="cycle-gannet")
    assert member.link_nonce.encode() not in everything
    assert member.get_link_token().encode() not in everything
    assert b"nonce" not in everything
    # Drafts and packs are held back likewise: see the words of everything_rows.
    assert b"Secret" not in everything


def test_a_lost_file_keeps_nothing_back(cast: Cast) -> None:
    fill(cast.partnership, cast.administrator, "Gannet")
    paper = Paper.objects.get(release__isnull=False)
    paper.document.file.storage.delete(paper.document.file.name or "")
    rows = json.loads(export(cast.partnership)["papers.json"])
    assert [row["file"] for row in rows if row["kind"] == "timetable"] == [""]
    assert all(row["file"] for row in rows if row["kind"] != "timetable")


def test_text_is_never_a_formula(cast: Cast) -> None:
    filled = fill(cast.partnership, cast.administrator, "Gannet")
    filled.meeting.good_practices.update(text="=1+1")
    members = export(cast.partnership)
    assert "'=1+1" in members["good-practice.csv"].decode()
    assert json.loads(members["good-practice.json"])[0]["text"] == "=1+1"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(cast: Cast, django_assert_num_queries: Any, rows: int) -> None:
    for number in range(rows):
        fill(cast.partnership, cast.administrator, "Gannet", slug=f"gannet-{number}")
    with django_assert_num_queries(74):
        export(cast.partnership)
