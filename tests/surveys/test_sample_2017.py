"""The 2017 sample, from nothing to its overview, which must be the one computed apart from this project."""

from __future__ import annotations

import datetime
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from s11.organisations.models import Membership
from surveys.models import Audit, AuditEvent, Cycle
from tests.surveys.import_files import run

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "data" / "sample-2017"


@pytest.fixture(autouse=True)
def _sample() -> None:
    call_command("load_questionnaires", stdout=StringIO())
    new = {"closes": "2016-10-17", "title": "Section 11 2017"}
    run("import_organisations", SAMPLE / "organisations.csv", partnership="sample", cycle="2017", **new)
    run("import_answers", SAMPLE / "answers.csv", partnership="sample", cycle="2017", **new)


def test_its_overview_is_as_expected(tmp_path: Path) -> None:
    path = tmp_path / "overview.json"
    where = {"partnership": "sample", "cycle": "2017"}
    call_command("overview", **where, format="json", output=str(path), stdout=StringIO())
    overview = json.loads(path.read_text(encoding="utf-8"))
    expected = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
    # Keys may be added to the contract; of those that it has, every one must agree.
    assert {key: overview[key] for key in (*where, "series", *expected)} == where | {
        "series": "self"
    } | expected


def test_the_cycle_opens_with_the_first_submission() -> None:
    cycle = Cycle.objects.get()
    assert (cycle.opens_on, cycle.closes_on) == (datetime.date(2016, 9, 1), datetime.date(2016, 10, 17))
    assert cycle.is_open


def test_people_and_trail() -> None:
    assert Membership.objects.active().values("user").distinct().count() == 97
    assert Audit.objects.count() == AuditEvent.objects.count() == 42
