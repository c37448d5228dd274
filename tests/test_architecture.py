"""What import-linter cannot see: names in strings and templates must go the same one way."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from surveys import sign_offs, workflow
from surveys.enums import AUDIT_MOVES, CYCLE_MOVES

ROOT = Path(settings.BASE_DIR)
# What each folder of templates may name: itself and what lies under it.
MAY_NAME = {
    "components": set(),
    "govuk": set(),
    "errors": set(),
    "organisations": {"organisations"},
    "surveys": {"organisations", "surveys"},
    "accountability": {"organisations", "surveys", "accountability"},
}
APPS = ("organisations", "surveys", "accountability")
NAMED_IN_TEMPLATE = re.compile(r"""(?:url\(\s*|import\s+|from\s+|include\s+|extends\s+)["'](\w+)[:/]""")
VAGUE = {"utils.py", "helpers.py", "common.py", "services.py", "misc.py"}


def get_templates() -> Iterator[Path]:
    return (ROOT / "templates").rglob("*.*")


def get_python_files() -> Iterator[Path]:
    for package in ("s11", "surveys", "accountability"):
        yield from (path for path in (ROOT / package).rglob("*.py") if "node_modules" not in path.parts)


@pytest.mark.parametrize("folder", sorted(MAY_NAME))
def test_templates_name_only_what_lies_under_them(folder: str) -> None:
    wrong = {
        (str(path.relative_to(ROOT)), name)
        for path in get_templates()
        if folder in path.relative_to(ROOT / "templates").parts[:-1]
        for name in NAMED_IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if name in APPS and name not in MAY_NAME[folder]
    }
    assert not wrong


def test_the_template_rule_would_catch_an_upward_link() -> None:
    assert (
        NAMED_IN_TEMPLATE.findall("""{{ url("surveys:audit") }} {% from 'surveys/x.html' import y %}""")
        == ["surveys"] * 2
    )


def test_foreign_keys_go_one_way() -> None:
    order = {label: position for position, label in enumerate(APPS)}
    upward = [
        str(field)
        for label in APPS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and order.get(field.related_model._meta.app_label, -1) > order[label]
    ]
    assert not upward


def test_file_names_say_something() -> None:
    assert not [path for path in get_python_files() if path.name in VAGUE]


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in get_python_files()
        if "migrations" not in path.parts
        and not re.match(r'(#!.*\n)?(r?""")', path.read_text(encoding="utf-8"))
    ]
    assert not silent


def test_each_move_has_its_verb() -> None:
    verbs = {verb for moves in (AUDIT_MOVES, CYCLE_MOVES) for allowed in moves.values() for verb in allowed}
    functions = {
        name for module in (workflow, sign_offs) for name, _ in inspect.getmembers(module, inspect.isfunction)
    }
    assert verbs <= functions
