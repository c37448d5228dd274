"""An answer sheet filled in by people who do not exist, and what must come of it however it was saved."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from s11.organisations.models import User
from surveys.answer_sheets import get_sheet_plan, save_sheet
from surveys.models import AnswerSheet, Audit
from surveys.reach import EVERYTHING
from tests.conftest import Cast
from tests.surveys.audit_pages import PLAIN_REASON, WITH_NOTES, make_draft
from tests.surveys.test_answer_sheets import answer_to, codes, put

TYPED = "Leaders ask at each meeting.\n\n‘What did the child say?’ – is item one. =2+2 is no formula here 😀"


def make_office_draft(cast: Cast) -> Audit:
    audit = make_draft(cast, {"A1.1": 2, "A1.2": WITH_NOTES, "A2.1": 0})
    audit.answers.filter(indicator__code="A1.1").update(commentary="=begins like a formula\nand goes on")
    audit.answers.filter(indicator__code="A2.1").update(commentary="  two spaces, kept  ", confirmed=False)
    return Audit.objects.with_place().get(pk=audit.pk)


def fill_in(sheet: Worksheet) -> None:
    put(sheet, "A1.2", score=1, reason=None, commentary=TYPED)
    put(sheet, "A2.1", holds="Yes")
    put(sheet, "A2.2", score="Not applicable", reason=PLAIN_REASON)


def check_is_saved(audit: Audit, sheet: AnswerSheet, by: User) -> None:
    """Three answers, and nothing else."""
    plan = get_sheet_plan(audit, sheet, EVERYTHING)
    assert (plan.problems, plan.conflicts, plan.left_out, plan.absent) == ((), (), (), 0)
    assert codes(plan.changes) == ["A1.2", "A2.1", "A2.2"]
    save_sheet(audit=audit, sheet=sheet, reach=EVERYTHING, seen=plan.fingerprint, replacing=(), by=by)
    assert answer_to(audit, "A1.1") == (2, "", "=begins like a formula\nand goes on")
    assert answer_to(audit, "A1.2") == (1, "", TYPED)
    assert answer_to(audit, "A2.1") == (0, "", "  two spaces, kept  ")
    assert answer_to(audit, "A2.2") == (None, PLAIN_REASON, "")
    assert audit.answers.get(indicator__code="A2.1").confirmed
