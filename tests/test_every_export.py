"""Walks everything that writes a table, with text that a spreadsheet would run as a formula in every place for text.

An exporter that the walk does not know is a failure, so that a new one comes with its line here.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from accountability.enums import LetterStatus, MinutesStatus
from accountability.models import Report
from accountability.report_content import compose
from accountability.report_files import make_data, make_dictionary
from accountability.report_files import make_workbook as make_report_workbook
from accountability.reporting import begin_report
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Organisation
from s11.privacy.export_files import write_export
from s11.privacy.exporting import request_export
from s11.privacy.gathering import gather
from s11.trails import TABLES as TRAILS
from surveys.action_files import make_action_workbook
from surveys.answer_sheet_workbooks import make_answer_sheet
from surveys.audit_workbooks import make_audit_workbook
from surveys.enums import AuditStatus, DocumentFormat, Series
from surveys.exports.partnership import export_partnership
from surveys.feed.base import Format
from surveys.feed.tables import list_tables
from surveys.models import Action, Audit, Cycle, Indicator
from surveys.passport_files import write_zip
from surveys.reach import EVERYTHING
from surveys.reports import export_overview
from surveys.resources.files import write_table
from surveys.resources.tables import TABLES
from tests import factories
from tests.accountability.outcomes import hold_meeting, make_held_round, write_letter, write_minutes
from tests.conftest import Cast
from tests.organisations.feed_tokens import let_read
from tests.trails import lifted

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HOSTILE = ('=HYPERLINK("https://evil.example")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WRITES = re.compile(
    r"csv\.(?:writer|DictWriter)\(|(?<!def )\bwrite_csv\(|xlsxwriter\.Workbook\(|\bBook\(\n?\s*title="
)
# Words that programs read, or that stand in addresses.
NO_TEXT = re.compile(
    r"slug|code|key|status|sha256|digest|nonce|token|email|password|query|address|urn|identifier|number"
    r"|fingerprint|edition|colour|content_type|content|ledger|file|name_of_file|table|subject|condition|applies_if|applicable|submitted|exempt"
)
# Written for nobody's spreadsheet: registers of fictional schools, which the demonstration loads.
NO_EXPORT = {"s11/demo/registers.py"}


@dataclass(frozen=True, slots=True)
class World:
    cast: Cast
    cycle: Cycle
    audit: Audit
    draft: Audit
    client: Client
    folder: Path


def make_world(cast: Cast, client: Client, folder: Path) -> World:
    """An organisation for each start, with an audit that has something in every list; then every text is replaced."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    organisations = [cast.organisation, cast.other_organisation]
    organisations += [
        factories.make_organisation(f"Place {number}", slug=f"place-{number}", partnership=cast.partnership)
        for number in range(len(HOSTILE) - 2)
    ]
    audits = [
        factories.make_audit(cycle, one, scores=score, status=AuditStatus.SUBMITTED)
        for one, score in zip(organisations, (0, 1, 2, 0, 1, 2, 0), strict=True)
    ]
    other = factories.make_cycle(cast.partnership, slug="other", questionnaires=(bank,))
    draft = factories.make_audit(other, cast.organisation, scores=1)
    factories.make_evidence(cast.organisation)
    factories.make_action(cast.organisation, cast.partnership, answer=audits[0].answers.first())
    Contact.objects.create(
        participation=cast.organisation.participations.get(), kind=ContactKind.OTHER, email="a@anchor.example"
    )
    meeting = hold_meeting(make_held_round(cast, cycle), cast.organisation, cast.quality_officer)
    write_minutes(meeting, cast.quality_officer, MinutesStatus.FINAL)
    write_letter(meeting, cast.quality_officer, LetterStatus.SENT)
    begin_report(partnership=cast.partnership, title="Report", cycles=[cycle], by=cast.administrator)
    poison()
    Indicator.objects.update(text=HOSTILE[0])  # charts take spaces off
    for organisation, name in zip(organisations, HOSTILE, strict=True):
        Organisation.objects.filter(pk=organisation.pk).update(name=name)
    client.force_login(cast.administrator, backend="django.contrib.auth.backends.ModelBackend")
    fresh = {one.pk: one for one in Audit.objects.select_related("invitee__organisation", "invitee__cycle")}
    return World(cast, Cycle.objects.get(pk=cycle.pk), fresh[audits[0].pk], fresh[draft.pk], client, folder)


def poison() -> None:
    """Every column for words, of every row, but where the database holds it to something else."""
    texts = itertools.cycle(HOSTILE)
    for app in ("organisations", "surveys", "accountability"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.local_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if not is_text or field.unique or NO_TEXT.search(field.name):
                    continue
                try:
                    # Past the managers, which hold what was published.
                    is_trail = model._meta.db_table in TRAILS
                    with transaction.atomic(), lifted(model) if is_trail else nullcontext():
                        models.QuerySet(model).update(**{field.name: next(texts)})
                except DatabaseError:
                    continue


def make_partnership_zip(world: World) -> bytes:
    path = world.folder / "harbour.zip"
    export_partnership(world.cycle.partnership, path)
    return path.read_bytes()


def make_audit_zip(world: World) -> bytes:
    target = io.BytesIO()
    write_zip(world.audit, 1, target)
    return target.getvalue()


def make_report(world: World) -> dict[str, Any]:
    content = compose(Report.objects.get()).content
    content["report"] |= {"number": 1, "published_on": "2027-03-04"}
    return content


def make_plan(world: World) -> bytes:
    actions = Action.objects.select_related("answer__indicator", "answer__audit__invitee__cycle")
    return make_action_workbook(
        world.audit.invitee.organisation.participations.get(),
        list(actions.prefetch_related("updates", "verifications__by")),
    )


def make_tables(world: World) -> Iterator[bytes]:
    for table in TABLES.values():
        cycle = world.cycle if table.needs_cycle else None
        partnership = world.cycle.partnership
        for file_format in (DocumentFormat.CSV, DocumentFormat.XLSX):
            yield write_table(
                table(partnership=partnership, by=world.cast.administrator, cycle=cycle), file_format
            )


def fetch(world: World, *addresses: str) -> Iterator[bytes]:
    for address in addresses:
        response = world.client.get(address)
        assert response.status_code == 200, address
        yield response.content


def fetch_followed(world: World) -> Iterator[bytes]:
    address = reverse("accountability:progress_list", args=["harbour", world.cycle.slug])
    return fetch(world, f"{address}?format=csv")


def fetch_access(world: World) -> Iterator[bytes]:
    return fetch(world, reverse("surveys:access_list_file", args=["harbour"]) + "?show=all")


def make_own_data(world: World) -> bytes:
    export = request_export(partnership=None, by=world.cast.lead, user=world.cast.lead)
    return write_export(export, gather(export))


def fetch_pipeline(world: World) -> Iterator[bytes]:
    arguments = [("harbour", world.cycle.slug, file_format) for file_format in ("csv", "xlsx")]
    return fetch(world, *(reverse("surveys:pipeline_file", args=one) for one in arguments))


def fetch_risk(world: World) -> Iterator[bytes]:
    pages = itertools.product(("risk_list_file", "training_needs_file"), ("csv", "xlsx"))
    arguments = ("harbour", world.cycle.slug)
    return fetch(world, *(reverse(f"accountability:{page}", args=[*arguments, kind]) for page, kind in pages))


def fetch_feed(world: World) -> Iterator[bytes]:
    """Each table of the feed that has the format; there is a round of meetings."""
    client = let_read(world.cast.administrator, world.cycle.partnership)
    for table in list_tables():
        if Format.CSV not in table.formats:
            continue
        place = f"{world.cycle.slug}/" if table.of_cycle else ""
        response = client.get(f"/p/harbour/feed/{place}{table.name}.csv")
        assert response.status_code == 200, table.name
        yield response.content


def overview(world: World, file_format: DocumentFormat) -> Iterator[bytes]:
    yield export_overview(world.cycle, Series.SELF, file_format)


# By the module that writes them
EXPORTERS: dict[str, Callable[[World], Iterator[bytes]]] = {
    "accountability/report_files.py": lambda world: iter(
        make(make_report(world)) for make in (make_data, make_dictionary, make_report_workbook)
    ),
    "accountability/risk_files.py": fetch_risk,
    "accountability/views/dashboard.py": fetch_followed,
    "s11/privacy/export_files.py": lambda world: iter([make_own_data(world)]),
    "surveys/access_list.py": fetch_access,
    "surveys/action_files.py": lambda world: iter([make_plan(world)]),
    "surveys/answer_sheet_workbooks.py": lambda world: iter([make_answer_sheet(world.draft, EVERYTHING)]),
    "surveys/audit_workbooks.py": lambda world: iter([make_audit_workbook(world.audit, 1)]),
    "surveys/chart_files.py": lambda world: overview(world, DocumentFormat.ZIP),
    "surveys/exports/tables.py": lambda world: iter([make_partnership_zip(world)]),
    "surveys/feed/files.py": fetch_feed,
    "surveys/overview_csv.py": lambda world: overview(world, DocumentFormat.CSV),
    "surveys/passport_tables.py": lambda world: iter([make_audit_zip(world)]),
    "surveys/pipeline_files.py": fetch_pipeline,
    "surveys/resources/files.py": make_tables,
    "surveys/workbooks.py": lambda world: overview(world, DocumentFormat.XLSX),
}


def test_no_exporter_is_missing_from_the_walk() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in ("s11", "surveys", "accountability")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if WRITES.search(path.read_text(encoding="utf-8"))
    }
    # The look that all workbooks share, which the walk meets in each of them.
    assert found - NO_EXPORT - {"surveys/sheets.py"} == EXPORTERS.keys()


def test_no_exporter_writes_a_formula(cast: Cast, client: Client, tmp_path: Path) -> None:
    world = make_world(cast, client, tmp_path)
    for module, make in EXPORTERS.items():
        defused = 0
        for content in make(world):
            defused += sum(read_cells(content, module))
        # Else it says nothing: the text did not come so far.
        assert defused, module


def read_cells(content: bytes, where: str) -> Iterator[bool]:
    """For each cell whether it holds what was defused; fails on one that a spreadsheet would run."""
    if not content.startswith(b"PK\x03\x04"):
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(STARTS) or NUMBER.fullmatch(cell), (where, cell)
                yield cell.startswith("'") and cell[1:].startswith(STARTS)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" in archive.namelist():
            yield from read_workbook(content, where)
        for name in archive.namelist():
            if name.endswith((".csv", ".xlsx")):
                yield from read_cells(archive.read(name), f"{where} {name}")


def read_workbook(content: bytes, where: str) -> Iterator[bool]:
    """A text stays one, also once somebody edits its cell: for that it needs the mark of a text."""
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                place = (where, sheet.title, cell.coordinate, cell.value)
                assert cell.data_type != "f", place
                assert cell.hyperlink is None, place
                is_risky = isinstance(cell.value, str) and cell.value.startswith(STARTS)
                is_fixed = sheet.protection.sheet and cell.protection.locked
                assert not is_risky or is_fixed or cell.quotePrefix, place
                yield is_risky


@pytest.mark.parametrize("text", HOSTILE)
def test_the_walk_would_notice(text: str) -> None:
    with pytest.raises(AssertionError):
        list(read_cells(f'name\n"{text.replace(chr(34), chr(34) * 2)}"\n'.encode(), "tried"))
