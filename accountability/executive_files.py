"""The paper for the executive's meeting: the risk list and training needs on a few pages, made by a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone
from django.utils.text import slugify

from accountability.risk_files import NOT_FOR_PUBLICATION
from accountability.risk_list import RiskList, RiskRow, get_risk_list, say_change, say_list, say_waiting
from accountability.training_facts import Training, get_training
from s11.web.pdf import Cover, render_pdf
from s11.web.text import list_words, plural
from surveys.enums import Series
from surveys.models import Document

TEMPLATE: Final = "documents/executive.html"
# All who give a serious reason; whoever wants the rest finds it on the desk and in the workbook.
MOST_COURSES, MOST_GAPS, MOST_NAMES = 6, 6, 4
MOST_FURTHER: Final = 3


def build_executive(document: Document) -> bytes:
    assert document.cycle is not None  # the check constraint promises it
    return render_pdf(TEMPLATE, make_document(document))


def name_executive(document: Document) -> str:
    """Such as `section-11-2026-risk-and-training-2027-03-04`."""
    assert document.cycle is not None
    return (
        f"{slugify(document.cycle.title)[:80]}-risk-and-training-{timezone.localdate(document.requested_at)}"
    )


def make_document(document: Document) -> dict[str, Any]:
    """What the document's template shows."""
    cycle = document.cycle
    assert cycle is not None
    risks, training = get_risk_list(cycle), get_training(cycle, Series(document.series))
    return {
        "cover": Cover(
            title="Risk and training needs",
            partnership=str(cycle.partnership),
            subtitle=cycle.title,
            version=NOT_FOR_PUBLICATION,
            date=timezone.localdate(),
            status="For the executive",
        ),
        "sections": [],
        "risks": risks,
        "rows": risks.serious,
        "rest": say_rest(risks.further),
        "said": (say_list(risks), say_change(risks)),
        "waiting": say_waiting(risks),
        "training": training,
        "courses": training.needs.needed[:MOST_COURSES],
        "gaps": training.needs.gaps[:MOST_GAPS],
        "figures": list_figures(risks, training),
        "most": (MOST_FURTHER, MOST_NAMES),
    }


def list_figures(risks: RiskList, training: Training) -> list[dict[str, str]]:
    """The strip at the head; each with its count."""
    found = [
        {"value": f"{len(risks.serious)} of {risks.asked}", "label": "give a serious reason"},
        {"value": str(len(risks.further)), "label": "also on the list, for further reasons alone"},
    ]
    if risks.earlier is not None:
        since = {"value": f"{risks.new} new, {len(risks.gone)} off", "label": f"since {risks.earlier}"}
        if risks.waiting:
            since["note"] = f"{len(risks.waiting)} {say_waiting(risks)}"
        found.append(since)
    needs = training.needs
    course = {"value": f"{needs.with_0} of {needs.agencies}", "label": "have a 0 in what a course answers"}
    found.append(course | ({"note": f"also {needs.with_1} with a 1"} if needs.with_1 else {}))
    return found


def say_rest(rows: Sequence[RiskRow]) -> str:
    """‘9 more agencies are on the list, for further reasons alone: 7 School and 2 Health.’; empty without any."""
    if not rows:
        return ""
    counts = Counter(row.known.variant.label for row in rows)
    parts = list_words([f"{count} {label}" for label, count in counts.most_common()])
    more = plural(len(rows), "more agency is", "more agencies are")
    return f"{more} on the list, for further reasons alone: {parts}."
