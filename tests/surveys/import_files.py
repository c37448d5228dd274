"""Files to import, and the two commands run on them: what they printed, or how they refused without a trace."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

ORGANISATIONS = "name,variant,statutory,urn,emails"
ANSWERS = "organisation,submitted_at,indicator,score,reason,commentary"
APPS = ("organisations", "surveys", "auditlog")


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
