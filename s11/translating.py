"""Which texts there are to translate: what templates and code say, words of tags and menus, and question banks.

For `manage.py translations`, and for the tests that fail where one has no translation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.template import engines
from jinja2 import Environment, nodes

from accountability.enums import PosterKind
from s11.navigation import AGENCY_ROOMS, DESK_ROOMS, GROUP_ROOMS
from s11.organisations.enums import MembershipRole, OfficerRole, PageLanguage, Variant
from s11.web import spoken, statuses
from s11.web.date_fields import PARTS
from s11.web.field_errors import STOCK_LABELS
from surveys import enums
from surveys.wording import PARTS as WORDING

SAYING: Final = {"_", "say", "say_later"}
COUNTING: Final = {"_n", "say_count"}
SPEAKING: Final = re.compile(r"\b_n?\(")
DJANGO_TAG: Final = re.compile(r'\{% say "([^"]+)"')
CODE: Final = ("s11", "surveys", "accountability")
CHOICES: Final = (
    MembershipRole,
    OfficerRole,
    Variant,
    PosterKind,
    enums.CycleStatus,
    enums.AuditStatus,
    enums.ActionStatus,
    enums.ActionOutcome,
    enums.Obligation,
    enums.SignOffDecision,
    enums.EvidenceKind,
)
# What is said under another name than it is written: as `plural` of a noun in a table.
NOUNS: Final = (
    ("answer", ""),
    ("fact", ""),
    ("note", ""),
    ("item of evidence", "items of evidence"),
    ("new duty", "new duties"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text with its plural, if it is counted, and where it is said first."""

    one: str
    many: str = ""
    place: str = ""


@cache
def list_texts() -> dict[str, Text]:
    """Of the pages, by the English text."""
    found = chain(_read_templates(), _read_code(), _list_vocabulary())
    texts: dict[str, Text] = {}
    for text in found:
        texts.setdefault(text.one, text)
    return texts


# Templates ------------------------------------------------------------------------------------------------------------


def list_speaking_templates() -> list[Path]:
    """Those that say anything by `_()`; what another counts or names is on a page that is in English as a whole."""
    folder = settings.BASE_DIR / "templates"
    ours = (path for path in folder.rglob("*.html") if folder / "django" not in path.parents)
    return sorted(path for path in ours if SPEAKING.search(path.read_text(encoding="utf-8")))


def parse(path: Path) -> nodes.Template:
    environment: Environment = engines["jinja2"].env  # type: ignore[attr-defined]  # Jinja's own
    return environment.parse(path.read_text(encoding="utf-8"))


def _read_templates() -> Iterator[Text]:
    for path in list_speaking_templates():
        place = str(path.relative_to(settings.BASE_DIR))
        parsed = parse(path)
        texts = [
            text
            for call in parsed.find_all(nodes.Call)
            if isinstance(call.node, nodes.Name)
            for text in _make_text(call.node.name, [_get_value(one) for one in call.args], place)
        ]
        yield from texts
        for used in parsed.find_all(nodes.Filter):
            if used.name == "plural":
                yield from _make_noun([_get_value(one) for one in used.args], place)
    for path in sorted((settings.BASE_DIR / "templates" / "django").rglob("*.html")):
        place = str(path.relative_to(settings.BASE_DIR))
        yield from (Text(said, place=place) for said in DJANGO_TAG.findall(path.read_text(encoding="utf-8")))


def _get_value(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Const) else None


# Code -----------------------------------------------------------------------------------------------------------------


def _read_code() -> Iterator[Text]:
    for path in chain.from_iterable(sorted((settings.BASE_DIR / name).rglob("*.py")) for name in CODE):
        source = path.read_text(encoding="utf-8")
        if "s11.web.languages" not in source and "s11.web.spoken" not in source:
            continue
        place = str(path.relative_to(settings.BASE_DIR))
        counts = bool(re.search(r"from s11\.web\.spoken import .*\bplural\b", source))
        for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
            if not isinstance(call.func, ast.Name):
                continue
            values = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
            if call.func.id == "plural" and counts:
                yield from _make_noun(values[1:], place)
            else:
                yield from _make_text(call.func.id, values, place)


def _make_text(name: str, values: list[Any], place: str) -> Iterator[Text]:
    match values:
        case [str(one), str(many), *_] if name in COUNTING:
            yield Text(one, many, place)
        case [str(one), *_] if name in SAYING:
            yield Text(one, place=place)


def _make_noun(values: list[Any], place: str) -> Iterator[Text]:
    match values:
        case [str(one), str(many), *_] if many:
            yield Text(f"{{n}} {one}", f"{{n}} {many}", place)
        case [str(one), *_]:
            yield Text(f"{{n}} {one}", f"{{n}} {one}s", place)


# Words that are kept in English and translated where they are shown -----------------------------------------------


def _list_vocabulary() -> Iterator[Text]:
    for word in statuses.COLOURS:
        yield Text(word[:1].upper() + word[1:], place="s11/web/statuses.py")
    for room in (*DESK_ROOMS, *AGENCY_ROOMS, *GROUP_ROOMS):
        yield Text(room.label, place="navigation.py")
    for choices in CHOICES:
        for label in map(str, choices.labels):
            yield Text(spoken.TOLD_APART.get(label, label), place=choices.__name__)
    for noun in NOUNS:
        yield from _make_noun(list(noun), "NOUNS")
    words = (*spoken.DAYS, *PARTS, *(part.capitalize() for part in PARTS), *STOCK_LABELS, *WORDING)
    words += ("Short form", "Topic", "No grade", "Grade 0", "Grade 1", "Grade 2", "Desk", "Never published.")
    own = {str(label) for label in PageLanguage.labels}
    yield from (Text(word, place="s11/translating.py") for word in words if word not in own)
    from s11.own_reports import WAITS  # noqa: PLC0415 (a page's lines, read here for their words alone)

    yield from (Text(words, place="s11/own_reports.py") for words, _ in WAITS.values())


# Question banks -------------------------------------------------------------------------------------------------------

BANKS: Final = ("care_home", "health", "school", "standard", "themes")


def list_bank_texts(name: str) -> dict[str, Text]:
    """Whatever a page shows of a bank: all of its texts but codes, keys, sources and what only the loader reads."""
    document = yaml.safe_load((settings.BANK_TRANSLATIONS / f"{name}.yaml").read_text(encoding="utf-8"))
    found: dict[str, Text] = {}
    for place, said in _walk(document, ""):
        one = " ".join(said.split())
        found.setdefault(one, Text(one, place=place))
    return found


SHOWN: Final = {"title", "guidance", "text", "hint", "label", "description", "introduction"}
LISTS: Final = {"choices", "not_applicable_reasons", "evidence", "descriptors"}


def _walk(node: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for one in node:
            yield from _walk(one, place)
    elif isinstance(node, dict):
        here = str(node.get("code", place))
        for key, value in node.items():
            if key in SHOWN and isinstance(value, str):
                # A long text is shown, and translated, by the paragraph.
                yield from ((f"{here} {key}", part) for part in re.split(r"\n\s*\n", value.strip()) if part)
            elif key in LISTS:
                values = value.values() if isinstance(value, dict) else value
                yield from ((f"{here} {key}", str(one)) for one in values)
            elif isinstance(value, list | dict):
                yield from _walk(value, here)
