"""The command `load_questionnaires`: what it prints, and that bad input changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Questionnaire, Theme
from tests.conftest import Cast
from tests.surveys.small_bank import BANK, changed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "standard.yaml").write_text(BANK)
    return tmp_path


def test_loads_the_shipped_banks_by_default(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_questionnaires")

    assert Questionnaire.objects.filter(partnership=None).count() == 4
    assert "School 2026-27: loaded, 11 standards with 77 indicators.\n" in capsys.readouterr().out


def test_a_second_run_says_that_nothing_changed(
    db: None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_questionnaires", str(folder))
    capsys.readouterr()
    call_command("load_questionnaires", str(folder))

    assert capsys.readouterr().out == "Standard 2026-27: as it was.\nNothing changed.\n"


def test_loads_a_partnerships_own(cast: Cast, folder: Path) -> None:
    call_command("load_questionnaires", str(folder), "--partnership", "harbour")

    assert Questionnaire.objects.get().partnership == cast.partnership


def test_unknown_partnership_is_one_sentence(db: None, folder: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is no partnership ‘nowhere’: make it first"):
        call_command("load_questionnaires", str(folder), "--partnership", "nowhere")

    assert not Theme.objects.exists()


def test_bad_input_names_file_line_and_remedy(db: None, folder: Path) -> None:
    (folder / "standard.yaml").write_text(changed("core: true", "core: maybe"))
    with pytest.raises(CommandError) as refused:
        call_command("load_questionnaires", str(folder))

    first, *lines = str(refused.value).splitlines()
    line = BANK[: BANK.index("core: true")].count("\n") + 1
    assert first == "Nothing was loaded."
    assert lines == [
        f'standard.yaml, line {line}: "core" is "maybe"; write true or false, without quotation marks'
    ]
    assert not Theme.objects.exists()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_a_bank_is_refused(db: None, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="there is no question bank here"):
        call_command("load_questionnaires", str(tmp_path / name))
