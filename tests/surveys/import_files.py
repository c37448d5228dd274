"""Files to import, a cycle for them, and the commands: what they printed, or how they refused without a trace."""

from __future__ import annotations

import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from s11.organisations.enums import Variant
from surveys.models import Answer, Cycle
from tests import factories

ORGANISATIONS = "name,variant,statutory,urn,emails"
ANSWERS = "organisation,submitted_at,indicator,score,reason,commentary"
APPS = ("organisations", "surveys", "auditlog")
AT = "2026-05-01T12:00:00+00:00"


def make_file(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def make_organisations(folder: Path, *rows: str) -> Path:
    return make_file(folder, "\n".join([ORGANISATIONS, *rows]) + "\n", "organisations.csv")


def make_answers(folder: Path, *rows: str) -> Path:
    return make_file(folder, "\n".join([ANSWERS, *rows]) + "\n", "answers.csv")


def run(command: str, path: Path | str, **options: str) -> str:
    """What the command printed."""
    out = StringIO()
    call_command(command, str(path), partnership=options.pop("partnership", "harbour"), stdout=out, **options)
    return out.getvalue()


def refuse(command: str, path: Path | str, **options: str) -> str:
    """Why the command refused; a failure if it did not, or if anything is not as before."""
    before = get_everything()
    with pytest.raises(CommandError) as refused:
        run(command, path, **options)
    assert get_everything() == before
    return str(refused.value)


def get_everything() -> dict[str, list[dict[str, Any]]]:
    """Every row there is."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in APPS
    }


def make_import_cycle() -> Cycle:
    """Of the partnership `harbour`: Anchor and Cove answer the standard questionnaire, Beacon the school one."""
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = (
        factories.make_questionnaire(Variant.STANDARD),
        factories.make_questionnaire(Variant.SCHOOL, standards={"E1": 2}),
    )
    cycle = factories.make_cycle(partnership, questionnaires=banks, opens_on=datetime.date(2026, 1, 1))
    for name, variant in (
        ("Anchor", Variant.STANDARD),
        ("Beacon", Variant.SCHOOL),
        ("Cove", Variant.STANDARD),
    ):
        urn = "111111" if variant == Variant.SCHOOL else ""
        factories.make_invitee(
            cycle, factories.make_organisation(name, partnership=partnership, variant=variant, urn=urn)
        )
    return cycle


def rows(name: str = "Anchor", at: str = AT, scores: str = "2 1 0 2") -> list[str]:
    """A whole standard audit."""
    codes = ("A1.1", "A1.2", "A2.1", "A2.2")
    return [f"{name},{at},{code},{score},," for code, score in zip(codes, scores.split(), strict=True)]


def get_answers(name: str = "Anchor") -> dict[str, tuple[int | None, str, str]]:
    answers = Answer.objects.filter(audit__invitee__organisation__name=name).select_related("indicator")
    return {one.indicator.code: (one.score, one.not_applicable_reason, one.commentary) for one in answers}
