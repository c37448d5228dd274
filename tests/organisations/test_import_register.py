"""Loading a register by the command: what comes, changes and closes, what waits for somebody, and what stays."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.loading import planning
from s11.organisations.models import Organisation, Participation, RegisterLoad
from surveys.enums import AuditStatus
from surveys.models import Audit, Scorecard
from tests import factories
from tests.conftest import Cast
from tests.organisations.register_files import HEAD, SAMPLE, make_gias, make_links, school

YESTERDAY = timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def load(tmp_path: Path, cast: Cast) -> Callable[..., str]:
    """Loads a file of these bytes, and gives what the command said."""

    def run(content: bytes, *options: str, links: bytes = b"", register: str = "gias") -> str:
        path = tmp_path / "register.csv"
        path.write_bytes(content)
        more = list(options)
        if links:
            (tmp_path / "links.csv").write_bytes(links)
            more += ["--links", str(tmp_path / "links.csv")]
        out = StringIO()
        call_command(
            "import_register",
            register,
            str(path),
            "--partnership",
            "harbour",
            *more,
            stdout=out,
            stderr=StringIO(),
        )
        return out.getvalue()

    return run


def get_everything() -> dict[str, list[dict[str, Any]]]:
    """Every row there is."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in {"organisations", "surveys", "auditlog"}
    }


def get(urn: int) -> Organisation:
    return Organisation.objects.get(urn=str(urn))


def take_part(cast: Cast, organisation: Organisation) -> Participation:
    return Participation.objects.get(partnership=cast.partnership, organisation=organisation)


def make_school(cast: Cast, name: str = "Hill School", urn: str = "100001") -> Organisation:
    return factories.make_organisation(
        name, slug=f"school-{urn or 'none'}", variant=Variant.SCHOOL, partnership=cast.partnership, urn=urn
    )


def test_the_sample_a_dry_run_and_a_second_time(cast: Cast, load: Callable[..., str]) -> None:
    content = SAMPLE.read_bytes()
    before = get_everything()
    said = load(content, "--dry-run")
    assert "New: school 1 (130000): Takes part from now on, as part of trust name 1.\n" in said
    assert said.count("\nNew: ") + said.startswith("New: ") == 60
    assert said.endswith(
        "60 new, 0 under another name, 0 closed, 0 other changes, 0 as before; 60 new groups as parents.\n"
        "60 rows read.\nA dry run: nothing was changed.\n"
    )
    assert get_everything() == before

    load(content)
    organisation = get(130_000)
    assert (organisation.name, organisation.variant) == ("school 1", Variant.SCHOOL)
    assert organisation.parent is not None
    assert (organisation.parent.name, organisation.parent.group_uid) == ("trust name 1", "2000")
    here = Participation.objects.filter(partnership=cast.partnership, is_active=True, is_statutory=True)
    assert here.filter(organisation__variant=Variant.SCHOOL).count() == 60
    assert not Participation.objects.filter(organisation__group_uid__gt="").exists()

    loaded = get_everything()
    assert load(content).endswith("60 as before.\n60 rows read.\nNothing changed.\n")
    assert load(content.decode().encode("utf-8-sig")).endswith("Nothing changed.\n")
    assert get_everything() == loaded


def test_every_write_has_its_entry_in_the_trail(cast: Cast, load: Callable[..., str]) -> None:
    load(make_gias(school(100001, "Hill School", trust="Trust", trust_code="1")))
    organisation = get(100_001)
    for one in (organisation, organisation.parent, take_part(cast, organisation)):
        assert one is not None
        entry = LogEntry.objects.get_for_object(one).get()
        assert (entry.action, entry.additional_data) == (LogEntry.Action.CREATE, {"register": "gias"})
    load(make_gias(school(100001, "Hill Academy")))
    entry = LogEntry.objects.get_for_object(organisation).first()
    assert entry is not None
    assert entry.changes_dict == {
        "name": ["Hill School", "Hill Academy"],
        "parent": [str(organisation.parent_id), "None"],
    }


def test_only_a_local_authority_which_is_remembered(load: Callable[..., str]) -> None:
    content = make_gias(school(100001, "A"), school(100002, "B", area="Bay, City of", area_code="802"))
    said = load(content, "--local-authority", "Bay, City of")
    assert "Of 2 rows 1 are of other local authorities." in said
    assert list(Organisation.objects.exclude(urn="").values_list("name", flat=True)) == ["B"]
    before = get_everything()
    assert load(content).startswith("Of Bay, City of, as last time (--local-authority all for all).\n")
    assert get_everything() == before
    load(content, "--local-authority", "all")
    assert Organisation.objects.exclude(urn="").count() == 2
    assert "as last time" not in load(content)


def test_a_school_of_ours_is_followed_out_of_the_area(cast: Cast, load: Callable[..., str]) -> None:
    make_school(cast)
    content = make_gias(
        school(100001, "Hill School", status="Closed", closed="31-08-2020", area="Bay", area_code="802"),
        school(100002, "B"),
    )
    load(content, "--local-authority", "801")
    assert get(100_001).closed_on == datetime.date(2020, 8, 31)


def test_a_closed_school_keeps_its_history_and_has_a_successor(cast: Cast, load: Callable[..., str]) -> None:
    old = make_school(cast)
    bank = factories.make_questionnaire(Variant.SCHOOL)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, old, scores=2, status=AuditStatus.SUBMITTED)
    scorecards = list(Scorecard.objects.values())
    content = make_gias(
        school(100001, "Hill School", status="Closed", closed="31-08-2020"), school(100002, "Hill Academy")
    )
    links = make_links(("100001", "100002", "Successor"), ("100002", "100001", "Predecessor"))
    said = load(content, "--dry-run", links=links)
    assert "Closed: Hill School (100001): Closed on 31 August 2020. It takes part no longer" in said
    assert "Other changes: Hill School (100001): Its successor is Hill Academy (URN 100002).\n" in said
    load(content, links=links)
    old.refresh_from_db()
    assert (old.name, old.closed_on, old.successor) == (
        "Hill School",
        datetime.date(2020, 8, 31),
        get(100_002),
    )
    assert not take_part(cast, old).is_active
    assert Audit.objects.get(pk=audit.pk).status == AuditStatus.SUBMITTED
    assert list(Scorecard.objects.values()) == scorecards
    before = get_everything()
    assert load(content, links=links).endswith("Nothing changed.\n")
    assert load(content).endswith("Nothing changed.\n")
    assert get_everything() == before


def test_merged_schools_have_one_successor(cast: Cast, load: Callable[..., str]) -> None:
    for urn in ("100001", "100002"):
        make_school(cast, f"School {urn}", urn)
    closed = {"status": "Closed", "closed": "31-08-2020"}
    content = make_gias(
        school(100001, "School 100001", **closed),
        school(100002, "School 100002", **closed),
        school(100003, "Both"),
    )
    links = make_links(
        ("100003", "100001", "Predecessor - amalgamated"), ("100003", "100002", "Predecessor - amalgamated")
    )
    load(content, links=links)
    assert {get(100_001).successor, get(100_002).successor} == {get(100_003)}


def test_a_name_is_its_leads_to_change(cast: Cast, load: Callable[..., str]) -> None:
    free, led = make_school(cast, "Old Hill"), make_school(cast, "Old Dale", "100002")
    factories.make_member("lead@dale.example", organisation=led)
    load(make_gias(school(100001, "Hill Academy"), school(100002, "Dale Academy")))
    free.refresh_from_db()
    led.refresh_from_db()
    assert (free.name, take_part(cast, free).local_name) == ("Hill Academy", "")
    assert (led.name, take_part(cast, led).local_name) == ("Old Dale", "Dale Academy")


def test_the_command_changes_what_others_also_have(cast: Cast, load: Callable[..., str]) -> None:
    shared = make_school(cast)
    there = shared.participations.create(partnership=cast.elsewhere)
    load(make_gias(school(100001, "Hill School", status="Closed", closed="31-08-2020")))
    shared.refresh_from_db()
    there.refresh_from_db()
    assert shared.closed_on == datetime.date(2020, 8, 31)
    # What takes part there is that partnership's.
    assert (take_part(cast, shared).is_active, there.is_active) == (False, True)


def test_one_that_another_partnership_has_joins(cast: Cast, load: Callable[..., str]) -> None:
    other = factories.make_organisation(
        "Hill", variant=Variant.SCHOOL, partnership=cast.elsewhere, urn="100001"
    )
    load(make_gias(school(100001, "Hill School")))
    assert take_part(cast, other).local_name == "Hill School"
    assert Organisation.objects.filter(urn="100001").count() == 1


def test_a_name_without_a_urn_waits_for_an_answer(cast: Cast, load: Callable[..., str]) -> None:
    known = make_school(cast, urn="")
    content = make_gias(school(100001, "HILL SCHOOL"), school(100002, "Dale School"))
    said = load(content)
    assert "Clashes: HILL SCHOOL (100001): ‘Hill School’ has no URN and looks like ‘HILL SCHOOL’" in said
    assert "To look at: 1 clash.\n" in said
    assert not Organisation.objects.filter(urn="100001").exists()
    with pytest.raises(CommandError, match="No clash is about ‘100002’"):
        load(content, "--same", "100002")
    load(content, "--same", "100001")
    known.refresh_from_db()
    assert (known.urn, known.name) == ("100001", "Hill School")
    assert load(content).endswith("Nothing changed.\n")


def test_one_of_the_same_name_may_be_another(cast: Cast, load: Callable[..., str]) -> None:
    known = make_school(cast, urn="")
    content = make_gias(school(100001, "Hill School"), school(100002, "Hill School"))
    with pytest.raises(CommandError, match="looks like several organisations"):
        load(content, "--same", "100001", "--same", "100002")
    load(content, "--another", "100001", "--same", "100002")
    known.refresh_from_db()
    assert (known.urn, get(100_001).name) == ("100002", "Hill School")
    assert load(content).endswith("Nothing changed.\n")


def test_a_trust_that_somebody_entered_waits_for_an_answer(cast: Cast, load: Callable[..., str]) -> None:
    content = make_gias(school(100001, "Hill School", trust="Anchor Trust", trust_code="77"))
    said = load(content)
    assert "Clashes: Anchor Trust (77): ‘Anchor Trust’ looks the same as the group" in said
    assert get(100_001).parent is None
    assert Organisation.objects.filter(name="Anchor Trust").count() == 1
    load(content, "--same", "77")
    assert get(100_001).parent == cast.organisation
    before = get_everything()
    assert load(content).endswith("Nothing changed.\n")
    assert get_everything() == before


def test_a_urn_that_is_not_in_the_file_is_said(cast: Cast, load: Callable[..., str]) -> None:
    make_school(cast, urn="999999")
    said = load(make_gias(school(100001, "A")))
    assert "Not in the file: Hill School (999999): The URN 999999 is not in the file" in said


def test_proposed_schools_come_when_they_open(load: Callable[..., str]) -> None:
    said = load(make_gias(school(100001, "A", status="Proposed to open"), school(100002, "B")))
    assert "1 are proposed and come once they open" in said
    assert not Organisation.objects.filter(urn="100001").exists()
    load(make_gias(school(100001, "A"), school(100002, "B")))
    assert get(100_001).name == "A"


def test_nothing_of_a_head_teacher_is_stored(cast: Cast, load: Callable[..., str], settings: Any) -> None:
    load(make_gias(school(100001, "Hill School", trust="Trust", trust_code="1")))
    assert HEAD not in str(get_everything())
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (make_gias(school(100001, "A"))[:-30], "cut off"),
        (make_gias(school(100001, "A")) + b"\0", "NUL"),
        (make_gias(school(100001, "A")) + b'100002,"', "never closes"),
        (make_gias(school(100001, "A")) + b"100002" + b"," * 400, "cells where the first has"),
        (b"name,variant\nA,school\n", "it is not a file of Get Information about Schools"),
        (make_gias(school(100001, "A"), school(100001, "B")), "stands on line 2 already"),
    ],
    ids=["empty", "truncated", "NUL", "open quote", "too many cells", "another file", "twice"],
)
def test_a_hostile_file_changes_nothing(content: bytes, said: str, load: Callable[..., str]) -> None:
    before = get_everything()
    with pytest.raises(CommandError, match=said):
        load(content)
    assert get_everything() == before


def test_unknown_places_and_files_are_said(cast: Cast, tmp_path: Path) -> None:
    for arguments, said in (
        ((str(SAMPLE), "--partnership", "nowhere"), "There is no partnership ‘nowhere’"),
        ((str(tmp_path / "none.csv"), "--partnership", "harbour"), "There is no file"),
        ((str(tmp_path), "--partnership", "harbour"), "is a folder, not a file"),
        ((str(SAMPLE), "--partnership", "harbour", "--links", str(SAMPLE)), "it is not the file of links"),
        ((str(SAMPLE), "--partnership", "harbour", "--columns", str(tmp_path)), "cannot be read"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("import_register", "gias", *arguments)


def test_killed_half_way_nothing_is_there_and_a_second_run_leaves_one_result(
    cast: Cast, load: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "BATCH", 7)
    before = get_everything()
    with (
        patch("s11.organisations.loading.writing.Writer.write_successors", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        load(SAMPLE.read_bytes())
    assert get_everything() == before
    load(SAMPLE.read_bytes())
    assert Organisation.objects.exclude(urn="").count() == 60
    assert Organisation.objects.exclude(group_uid="").count() == 60
    assert RegisterLoad.objects.count() == 1


def count_queries(load: Callable[..., str], content: bytes, *options: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load(content, *options)
    return len(queries)


def make_many(start: int, count: int, suffix: str, **facts: str) -> bytes:
    """Schools, each with a trust of its own."""
    rows = []
    for number in range(start, start + count):
        trust = {"trust": f"Trust {number}", "trust_code": str(number)}
        rows.append(school(number, f"School {number}{suffix}", **trust, **facts))
    return make_gias(*rows)


def test_queries_do_not_grow_with_rows(cast: Cast, load: Callable[..., str]) -> None:
    few, many = (100_000, 1), (200_000, 3)
    load(make_many(300_000, 1, ""))  # what is asked once in a process
    for options in (("--dry-run",), ()):
        assert count_queries(load, make_many(*few, ""), *options) == count_queries(
            load, make_many(*many, ""), *options
        )
    # Renamed, then closed.
    assert count_queries(load, make_many(*few, " new")) == count_queries(load, make_many(*many, " new"))
    closed = {"status": "Closed", "closed": "01-01-2020"}
    counts = [count_queries(load, make_many(start, count, " new", **closed)) for start, count in (few, many)]
    assert counts[0] == counts[1]


def test_any_files_one_after_the_other_and_each_twice(
    cast: Cast, load: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came before, the second time nothing changes."""
    monkeypatch.setattr(planning, "BATCH", 3)
    draw = random.Random(11)
    statuses = ("Open", "Open", "Closed", "Proposed to open", "Open, but proposed to close")
    make_school(cast, "School 2", "")
    shared = make_school(cast, "School 3", "100003")
    shared.participations.create(partnership=cast.elsewhere)
    for _ in range(4):
        rows = [
            school(
                100_000 + n,
                draw.choice((f"School {n}", f"Academy {n}")),
                status=(status := draw.choice(statuses)),
                closed="01/01/2020" if status == "Closed" else "",
                **draw.choice(
                    ({}, {"trust": "Trust", "trust_code": "1"}, {"federation": "Fed", "federation_code": "2"})
                ),
            )
            for n in draw.sample(range(9), 6)
        ]
        links = make_links(
            *((str(100_000 + n), str(100_000 + draw.randrange(9)), "Successor") for n in range(5))
        )
        load(make_gias(*rows), links=links)
        before = get_everything()
        load(make_gias(*rows), links=links)
        assert get_everything() == before


# Other registers


def test_a_register_of_the_nhs_with_parents_in_the_same_file(cast: Cast, load: Callable[..., str]) -> None:
    rows = [b"RJ1,Harbour Trust,,", b"RJ2,Bay Surgery,RJ1,Harbour Trust", b"RJ3,Dale Surgery,RX9,Wide Trust"]
    head = b"Code,Name,Parent Organisation Code,Parent Organisation Name"
    for order in ([0, 1, 2], [1, 2, 0]):
        with transaction.atomic():
            content = b"\n".join([head, *(rows[place] for place in order), b""])
            load(content, register="ods")
            surgery = Organisation.objects.get(ods_code="RJ2")
            assert surgery.variant == Variant.HEALTH
            assert surgery.parent == Organisation.objects.get(ods_code="RJ1")
            assert take_part(cast, Organisation.objects.get(ods_code="RJ1")).is_active
            # Not a row itself: a parent that takes part nowhere.
            assert not Organisation.objects.get(ods_code="RX9").participations.exists()
            before = get_everything()
            assert load(content, register="ods").endswith("Nothing changed.\n")
            assert get_everything() == before
            transaction.set_rollback(True)


def test_columns_of_ones_own(load: Callable[..., str], tmp_path: Path) -> None:
    columns = tmp_path / "columns.toml"
    columns.write_text(
        'title = "Our list"\nidentifier = "ofsted_number"\nvariant = "care_home"\n'
        '[columns]\nidentifier = ["Number"]\nname = ["Home"]\n'
    )
    load(b"Number,Home,Manager\nsc1,The Elms,Somebody\n", "--columns", str(columns), register="ofsted")
    home = Organisation.objects.get(ofsted_number="SC1")
    assert (home.name, home.variant, home.participations.get().is_statutory) == (
        "The Elms",
        Variant.CARE_HOME,
        False,
    )
