"""All that a report says, as one document: what it is, its words with every number filled in, its public figures.

It is read for a preview, approved by its digest, and frozen as it is when the report is published.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from accountability.enums import Licence
from accountability.models import Report, Snapshot
from accountability.report_figures import get_figures
from accountability.tokens import fill_tokens, find_unknown
from surveys.disclosure import Decision

Json = dict[str, Any]
# Raised whenever a reader of older documents would have to be told.
FORMAT: Final = 2
LICENCE_ADDRESSES: Final = {
    Licence.OGL: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True, slots=True)
class Composed:
    """A report as it would be published now. `ledger` is never shown; `decisions` are for officers."""

    content: Json
    ledger: str
    decisions: tuple[Decision, ...]
    unknown: tuple[str, ...]

    @property
    def text(self) -> str:
        return as_text(self.content)

    @property
    def digest(self) -> str:
        """Of all that the public would read."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def compose(report: Report) -> Composed:
    figures = get_figures(report)
    documents = [one.document for one in figures]
    sections = list(report.sections.in_report())
    content = {
        "format": FORMAT,
        "report": make_about(report),
        "cycles": [
            {"slug": one.cycle.slug, "title": one.cycle.title, "closed_on": one.cycle.closes_on.isoformat()}
            for one in report.report_cycles.select_related("cycle")
        ],
        "errata": [{"version": report.version, "text": one.text} for one in report.errata.all()],
        "sections": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "title": one.title,
                "text": fill_tokens(one.words, documents),
            }
            for one in sections
        ],
        "figures": documents,
    }
    return Composed(
        content=content,
        ledger=json.dumps([one.ledger for one in figures]),
        decisions=tuple(decision for one in figures for decision in one.decisions),
        unknown=tuple(token for one in sections for token in find_unknown(one.words, documents)),
    )


def make_about(report: Report) -> Json:
    """Without number and moment, which it has only once it is published."""
    licence = Licence(report.licence)
    return {
        "title": report.title,
        "partnership": report.partnership.slug,
        "partnership_name": report.partnership.name,
        "version": report.version,
        "series": report.series,
        "licence": {"name": licence.label, "address": LICENCE_ADDRESSES[licence]},
    }


def as_text(content: Json) -> str:
    """The one way in which it is written down: what is hashed, stored and handed out."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_snapshot(snapshot: Snapshot) -> Json:
    return upgrade(json.loads(snapshot.content))


def upgrade(content: Json) -> Json:
    """As today's pages read it; what is stored and handed out stays as it was.

    Format 1 called audits `submitted`; texts of its time name them so, and find them by that name too.
    """
    if content["format"] == 1:
        for figures in content.get("figures", ()):
            for one in (figures["all"], *figures["variants"]):
                one["audits"] = one["submitted"]
    return content


def get_documents(report: Report) -> list[Json]:
    """The public figures of its cycles, in its order: as they stand; of what is published, as they were frozen."""
    if report.is_public:
        found: list[Json] = read_snapshot(report.snapshot)["figures"]
        return found
    return [one.document for one in get_figures(report)]
