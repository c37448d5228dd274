"""Whatever the file, the commands refuse it in a sentence or import it whole; they never fail, and never half."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s11.organisations.enums import Variant
from surveys.enums import AuditStatus
from surveys.models import Answer, Audit, AuditEvent, Scorecard
from tests import factories
from tests.surveys.import_files import ANSWERS, ORGANISATIONS, get_everything, make_file, run

pytestmark = pytest.mark.django_db
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

Everything = dict[str, list[dict[str, Any]]]

NASTY = st.text(max_size=12) | st.sampled_from(
    [
        "",
        " ",
        '"',
        '""',
        "\r\n",
        "\n",
        "\ufeff",
        "=1+1",
        "é",
        "NA",
        "0",
        "1",
        "2",
        "-0",
        "1e1",
        ",",
        "x" * 300,
    ]
)
ANSWER_CELLS = (
    st.sampled_from(["Anchor", "Beacon", "111111"]) | NASTY,
    st.sampled_from(["", "", "2026-05-01T12:00", "2026-05-01", "2026-02-30T10:00"]) | NASTY,
    st.sampled_from(["A1.1", "A1.2", "E1.1"]) | NASTY,
    st.sampled_from(["0", "1", "2", "NA", ""]) | NASTY,
    st.sampled_from(["", "", "", "It does not do this"]) | NASTY,
    NASTY,
)
ORGANISATION_CELLS = (
    st.sampled_from(["Anchor", "Beacon", "Cove", "Dune"]) | NASTY,
    st.sampled_from([*Variant.values]) | NASTY,
    st.sampled_from(["yes", "no"]) | NASTY,
    st.sampled_from(["", "", "111111", "222222"]) | NASTY,
    st.sampled_from(["", "a@b.example", "A@b.example;c@d.example;"]) | NASTY,
)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def lines_of(cells: tuple[st.SearchStrategy[str], ...]) -> st.SearchStrategy[list[str]]:
    """Rows of quoted cells now and then spoilt: cells that are not quoted, too many of them or too few."""
    line = st.tuples(*cells).map(lambda row: ",".join(map(quoted, row)))
    spoilt = st.lists(NASTY, max_size=8).map(",".join)
    return st.lists(st.one_of(line, line, line, spoilt), max_size=5)


@pytest.fixture
def before() -> Everything:
    """All there is before each file, for none leaves anything."""
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = (
        factories.make_questionnaire(Variant.STANDARD, standards={"A1": 2}),
        factories.make_questionnaire(Variant.SCHOOL, standards={"E1": 1}),
    )
    cycle = factories.make_cycle(partnership, questionnaires=banks)
    anchor = factories.make_organisation("Anchor", partnership=partnership)
    beacon = factories.make_organisation(
        "Beacon", partnership=partnership, variant=Variant.SCHOOL, urn="111111"
    )
    factories.make_audit(cycle, anchor, scores={"A1.1": 1})
    factories.make_invitee(cycle, beacon)
    return get_everything()


def check_is_whole() -> None:
    """No audit is submitted without its answers and its scorecard, none imported without its event."""
    for audit in Audit.objects.filter(status=AuditStatus.SUBMITTED):
        assert not Answer.objects.filter(audit=audit, score=None, not_applicable_reason="").exists()
        assert Scorecard.objects.filter(audit=audit, submission=audit.submission).exists()
        assert AuditEvent.objects.filter(audit=audit).count() == 1


def try_to_import(command: str, content: bytes, before: Everything) -> bool:
    """Whether the file was imported; afterwards everything is as before."""
    why_not = None
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = make_file(Path(folder), content)
        try:
            run(command, path, cycle="2026")
        except CommandError as refusal:
            why_not = str(refusal)
            assert get_everything() == before
        else:
            check_is_whole()
        transaction.set_rollback(True)
    assert why_not is None or why_not.strip(), "It is refused without a word"
    return why_not is None


@EXAMPLES
@given(rows=lines_of(ANSWER_CELLS), end=st.sampled_from(["\n", "\r\n"]))
def test_garbage_among_answers(before: Everything, rows: list[str], end: str) -> None:
    try_to_import("import_answers", end.join([ANSWERS, *rows]).encode("utf-8", "surrogatepass"), before)


@EXAMPLES
@given(rows=lines_of(ORGANISATION_CELLS), end=st.sampled_from(["\n", "\r\n"]))
def test_garbage_among_organisations(before: Everything, rows: list[str], end: str) -> None:
    try_to_import(
        "import_organisations", end.join([ORGANISATIONS, *rows]).encode("utf-8", "surrogatepass"), before
    )


@EXAMPLES
@given(content=st.binary(max_size=80), command=st.sampled_from(["import_answers", "import_organisations"]))
def test_garbage_alone(before: Everything, content: bytes, command: str) -> None:
    try_to_import(command, content, before)


def test_garbage_is_not_always_refused(before: Everything) -> None:
    """The tests above would say nothing if no file got through."""
    try_to_import("import_answers", f'{ANSWERS}\nAnchor,,A1.1,2,,"=1+1"\n'.encode(), before)
    assert get_everything() == before
    with tempfile.TemporaryDirectory() as folder:
        run("import_answers", make_file(Path(folder), f"{ANSWERS}\nAnchor,,A1.1,2,,=1+1\n"), cycle="2026")
    assert Answer.objects.get().commentary == "=1+1"
