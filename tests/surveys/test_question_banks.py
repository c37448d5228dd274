"""Question banks into the database: new, unchanged, replaced, revised, and a partnership's own."""

from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from surveys.enums import CycleKind, CycleStatus
from surveys.models import Cycle, Indicator, ProfileQuestion, Questionnaire, Standard, Theme
from surveys.queries import get_newest_questionnaires
from surveys.question_banks import LoadReport, load_folder, read_rows
from surveys.questionnaire_files import SHIPPED, QuestionnaireError, digest, read_folder
from tests import factories
from tests.conftest import Cast
from tests.surveys.small_bank import BANK, changed
from tests.trails import lifted

THEMES = "- {code: T1, title: Leadership}\n- {code: T2, title: Records}\n"
RETITLED = changed("title: A small bank", "title: A better bank")


def write(folder: Path, *banks: str, themes: str = THEMES) -> Path:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    if themes:
        (folder / "themes.yaml").write_text(themes)
    for number, bank in enumerate(banks):
        (folder / f"bank{number}.yaml").write_text(bank)
    return folder


def load(folder: Path, *banks: str, themes: str = THEMES, **kwargs: object) -> LoadReport:
    return load_folder(write(folder, *banks, themes=themes), **kwargs)  # type: ignore[arg-type]


def rows() -> list[object]:
    """All that a load can write, with the rows' ids."""
    tables = (Theme, Questionnaire, ProfileQuestion, Standard, Indicator)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def plan(
    cast: Cast, *, status: CycleStatus = CycleStatus.PLANNED, chosen: tuple[str, ...] = (), slug: str = "2026"
) -> Cycle:
    """A cycle of the newest bank; with chosen standards it is a topic."""
    questionnaire = get_newest_questionnaires(cast.partnership)[Variant.STANDARD]
    cycle = factories.make_cycle(
        cast.partnership,
        slug=slug,
        questionnaires=(questionnaire,),
        status=status,
        kind=CycleKind.TOPIC if chosen else CycleKind.FULL,
    )
    pin = cycle.cycle_questionnaires.get()
    pin.standards.set(questionnaire.standards.filter(code__in=chosen))
    return cycle


def pinned(cycle: Cycle) -> Questionnaire:
    return cycle.cycle_questionnaires.get().questionnaire


def test_shipped_banks_become_rows_that_say_the_same(db: None) -> None:
    report = load_folder(SHIPPED)

    assert str(report).splitlines() == [
        "10 themes loaded.",
        "Standard 2026-27: loaded, 11 standards with 78 indicators.",
        "Health 2026-27: loaded, 11 standards with 71 indicators.",
        "Care home 2026-27: loaded, 11 standards with 66 indicators.",
        "School 2026-27: loaded, 11 standards with 77 indicators.",
    ]
    for bank in read_folder(SHIPPED).questionnaires:
        row = Questionnaire.objects.get(variant=bank.variant)
        assert read_rows(row) == bank
        assert row.digest == digest(bank)


def test_every_part_of_the_schema_is_kept(db: None, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    bank = read_folder(tmp_path).questionnaires[0]
    row = Questionnaire.objects.get()

    assert read_rows(row) == bank
    assert list(row.indicators.values_list("code", "theme__code", "position")) == [
        ("A1.1", "T1", 1),
        ("A1.2", "T2", 2),
        ("A2.1", "T2", 3),
    ]


def test_a_second_run_changes_nothing(db: None, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    before = rows()
    report = load_folder(tmp_path)

    assert rows() == before
    assert not report.is_changed
    assert str(report) == "Standard 2026-27: as it was.\nNothing changed."


def test_layout_and_comments_are_no_change(db: None, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    before = rows()
    load(tmp_path, "# A comment\n" + BANK.replace("core: true", "core:   true"))

    assert rows() == before


def test_a_changed_bank_that_nobody_uses_is_replaced_in_place(db: None, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    pk = Questionnaire.objects.get().pk
    report = load(tmp_path, RETITLED)

    row = Questionnaire.objects.get()
    assert (row.pk, row.title, row.revision) == (pk, "A better bank", 1)
    assert read_rows(row) == read_folder(tmp_path).questionnaires[0]
    assert str(report).splitlines() == [
        "Standard 2026-27: changed; no opened cycle uses it, so it was replaced.",
        '  questionnaire: title was "A small bank", is now "A better bank"',
    ]


def test_planned_cycle_keeps_a_replaced_bank_and_its_standards(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    cycle = plan(cast, chosen=("A2",))
    load(tmp_path, RETITLED)

    assert pinned(cycle).title == "A better bank"
    assert [one.code for one in cycle.cycle_questionnaires.get().standards.all()] == ["A2"]


def test_a_chosen_standard_that_is_gone_is_told(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    cycle = plan(cast, chosen=("A1", "A2"))
    report = load(tmp_path, changed("code: A2\n", "code: B2\n"))

    assert [one.code for one in cycle.cycle_questionnaires.get().standards.all()] == ["A1"]
    assert (
        str(report).splitlines()[-1]
        == "  Audit 2026 of Harbour had chosen A2, no longer in the bank. Look at what it asks."
    )


def test_replacing_takes_no_answer_with_it(cast: Cast, tmp_path: Path) -> None:
    """Not in use, so there should be none; where there is, the database refuses and nothing is lost."""
    load(tmp_path, BANK)
    audit = factories.make_audit(plan(cast), cast.organisation, scores={"A1.1": 2})
    with pytest.raises(ProtectedError):
        load(tmp_path, RETITLED)

    assert audit.answers.count() == 1
    assert Questionnaire.objects.get().title == "A small bank"


@pytest.mark.parametrize("status", [CycleStatus.OPEN, CycleStatus.CLOSED])
def test_a_changed_bank_in_use_becomes_the_next_revision(
    cast: Cast, tmp_path: Path, status: CycleStatus
) -> None:
    load(tmp_path, BANK)
    opened = plan(cast, status=status)
    before = read_rows(pinned(opened))
    report = load(tmp_path, RETITLED)

    assert pinned(opened).revision == 1
    assert read_rows(pinned(opened)) == before
    newest = Questionnaire.objects.get(revision=2)
    assert (newest.title, newest.edition) == ("A better bank", "2026-27")
    assert get_newest_questionnaires(cast.partnership)[Variant.STANDARD] == newest
    assert str(report).splitlines() == [
        "Standard 2026-27: changed, so loaded as revision 2; opened cycles keep theirs.",
        '  questionnaire: title was "A small bank", is now "A better bank"',
    ]


def test_planned_cycle_moves_to_the_next_revision(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    plan(cast, status=CycleStatus.OPEN, slug="open")
    planned = plan(cast, chosen=("A1", "A2"), slug="planned")
    with lifted(LogEntry):
        LogEntry.objects.all().delete()
    report = load(tmp_path, changed("code: A2\n", "code: B2\n"))

    pin = planned.cycle_questionnaires.get()
    assert pin.questionnaire.revision == 2
    assert [one.questionnaire for one in pin.standards.all()] == [pin.questionnaire]
    assert str(report).splitlines()[-2:] == [
        "  Audit planned of Harbour is planned, so it now uses revision 2.",
        "  Audit planned of Harbour had chosen A2, no longer in the bank. Look at what it asks.",
    ]
    assert "questionnaire" in {name for entry in LogEntry.objects.all() for name in entry.changes_dict}


def test_planned_cycle_of_another_edition_stays(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, changed("2026-27", "2025-26"))
    earlier = plan(cast, slug="earlier")
    load(tmp_path, BANK)
    plan(cast, status=CycleStatus.OPEN, slug="open")
    load(tmp_path, RETITLED)

    assert (pinned(earlier).edition, pinned(earlier).revision) == ("2025-26", 1)


def test_the_next_revision_is_replaced_while_only_the_first_is_in_use(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    opened = plan(cast, status=CycleStatus.OPEN)
    load(tmp_path, RETITLED)
    load(tmp_path, BANK)

    assert sorted(Questionnaire.objects.values_list("revision", "title")) == [
        (1, "A small bank"),
        (2, "A small bank"),
    ]
    assert pinned(opened).revision == 1


def test_an_error_in_one_bank_loads_none(db: None, tmp_path: Path) -> None:
    health = BANK.replace("variant: standard", "variant: health").replace("edition:", "editoin:")
    with pytest.raises(QuestionnaireError, match=r"bank1\.yaml, line \d+: .*write edition"):
        load(tmp_path, BANK, health)

    assert not Questionnaire.objects.exists()
    assert not Theme.objects.exists()


def test_own_bank_outranks_the_shared_one_in_its_partnership_alone(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    before = plan(cast, slug="before")
    report = load(tmp_path, changed("2026-27", "2025-26"), partnership=cast.partnership)

    own = Questionnaire.objects.get(partnership=cast.partnership)
    assert str(report) == "Standard 2025-26 of Harbour: loaded, 2 standards with 3 indicators."
    assert get_newest_questionnaires(cast.partnership)[Variant.STANDARD] == own
    assert get_newest_questionnaires(cast.elsewhere)[Variant.STANDARD].partnership is None
    assert pinned(before).partnership is None


def test_shared_and_own_banks_are_revised_apart(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    plan(cast, status=CycleStatus.OPEN)
    load(tmp_path, BANK, partnership=cast.partnership)
    load(tmp_path, RETITLED, partnership=cast.partnership)

    assert sorted(Questionnaire.objects.values_list("partnership__slug", "revision", "title"), key=str) == [
        ("harbour", 1, "A better bank"),
        (None, 1, "A small bank"),
    ]


def test_themes_are_renamed_for_all(db: None, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    report = load(tmp_path, BANK, themes=THEMES.replace("Leadership", "Who leads"))

    assert Theme.objects.get(code="T1").title == "Who leads"
    assert "Theme T1 is now number 1, ‘Who leads’." in str(report)
    assert report.is_changed


def test_a_partnership_cannot_rename_what_all_share(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    with pytest.raises(QuestionnaireError, match="theme T1 is ‘Mine’ here and ‘Leadership’ for every"):
        load(tmp_path, BANK, themes=THEMES.replace("Leadership", "Mine"), partnership=cast.partnership)

    assert not Questionnaire.objects.filter(partnership=cast.partnership).exists()


def test_a_partnerships_folder_without_themes_takes_them_as_they_are(cast: Cast, tmp_path: Path) -> None:
    load(tmp_path, BANK)
    load(tmp_path, BANK, themes="", partnership=cast.partnership)

    assert Theme.objects.get(code="T1").title == "Leadership"


def test_queries_do_not_grow_with_a_bank(
    db: None, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    standard = BANK.index("  - code: A2")
    large = BANK + "".join(
        BANK[standard:].replace("A2", f"A{number}").replace("records-kept", f"key-{number}")
        for number in range(3, 9)
    )
    load(tmp_path, BANK.replace("variant: standard", "variant: health"))
    for bank in (BANK, large):
        Questionnaire.objects.filter(variant=Variant.STANDARD).delete()
        write(tmp_path, bank)
        with django_assert_num_queries(9):
            load_folder(tmp_path)
