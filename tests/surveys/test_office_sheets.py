"""An answer sheet that LibreOffice saved is taken in like any other; `make office` makes such files anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.answer_sheets import SheetRefused, keep_sheet
from tests.conftest import Cast
from tests.surveys.office_sheets import check_is_saved, fill_in, make_office_draft
from tests.surveys.test_answer_sheets import keep, upload

SAVED = Path(__file__).parent / "data" / "answer_sheet_libreoffice.xlsx"


def test_a_sheet_that_libreoffice_saved_is_taken_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = make_office_draft(cast)
    # The file names the audit of the day on which it was made.
    monkeypatch.setattr("surveys.answer_sheets._check_is_of", lambda audit, name, sheet: None)
    sheet = keep_sheet(audit=audit, file=upload(SAVED.read_bytes()), by=cast.lead)
    check_is_saved(audit, sheet, cast.lead)


def test_the_same_without_libreoffice_comes_to_the_same(cast: Cast) -> None:
    audit = make_office_draft(cast)
    check_is_saved(audit, keep(audit, cast.lead, fill_in), cast.lead)


def test_it_belongs_to_its_audit_still(cast: Cast) -> None:
    audit = make_office_draft(cast)
    audit.pk += 1_000
    with pytest.raises(SheetRefused, match="of another audit \\(Anchor Trust: Audit 2026\\)"):
        keep_sheet(audit=audit, file=upload(SAVED.read_bytes()), by=cast.lead)
