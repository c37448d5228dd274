"""Question banks as files: read, checked, fingerprinted and compared.

Pure: no Django, no database, no clock. questionnaires/README.md describes the schema; here it is the tables
of readers below, one line a key. A key whose dataclass field has a default may be left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from yaml import Node

from surveys.questionnaire_checks import (
    Check,
    check_choices,
    check_conditions,
    check_themes,
    check_unique,
    check_variant,
)
from surveys.yaml_nodes import (
    Faults,
    Reader,
    check_keys,
    day,
    flag,
    list_of,
    mapping_of,
    one_of,
    parse,
    record,
    shown,
    text,
    whole,
    wrong,
)

SHIPPED: Final = Path(__file__).parent / "questionnaires"
THEMES_FILE: Final = "themes.yaml"
# What a practitioner survey asks: it stands beside the banks and is none; see practitioner_questions.py.
PRACTITIONERS_FILE: Final = "practitioners.yaml"
# The words a file may use; a test holds them to the choices of the database.
VARIANTS: Final = ("standard", "health", "care_home", "school")
DUTIES: Final = ("section_11", "section_175")
KINDS: Final = ("text", "number", "date", "yes_no", "choice")
# The longest values that the database's columns hold; a test compares them. Other text has no limit.
CODE_LENGTH: Final = 10
KEY_LENGTH: Final = 100
TITLE_LENGTH: Final = 200


@dataclass(frozen=True, kw_only=True)
class ThemeFile:
    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class ScaleStep:
    score: int
    label: str
    description: str


@dataclass(frozen=True, kw_only=True)
class ProfileQuestionFile:
    code: str
    kind: str
    text: str
    hint: str = ""
    required: bool
    personal: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class IndicatorFile:
    code: str
    key: str
    theme: str | None = None  # None: its standard's
    text: str
    guidance: str
    descriptors: tuple[str, str, str]
    evidence: tuple[str, ...]
    sources: tuple[str, ...] = ()  # empty: its standard's
    critical: bool = False
    core: bool = False
    not_applicable: bool = False
    refresh_months: int | None = None  # None: fresh for the whole cycle
    applies_if: dict[str, str] = field(default_factory=dict)
    in_force: date | None = None
    prepare: bool = False


@dataclass(frozen=True, kw_only=True)
class StandardFile:
    code: str
    theme: str
    title: str
    guidance: str
    sources: tuple[str, ...]
    indicators: tuple[IndicatorFile, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionnaireFile:
    variant: str
    duty: str
    title: str
    edition: str
    introduction: str
    scale: tuple[ScaleStep, ...]
    not_applicable_reasons: tuple[str, ...]
    profile: tuple[ProfileQuestionFile, ...]
    standards: tuple[StandardFile, ...]


@dataclass(frozen=True, kw_only=True)
class BankFolder:
    themes: tuple[ThemeFile, ...]
    questionnaires: tuple[QuestionnaireFile, ...]


class QuestionnaireError(ValueError):
    """All the errors found, one a line: `file.yaml, line N: what is wrong; what would be right`."""

    def __init__(self, *errors: str) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


# --- the schema ---


def _edition(name: str, node: Node) -> str:
    like = "a school year such as 2026-27"
    value: str = text(pattern="[0-9]{4}-[0-9]{2}", like=like)(name, node)
    if (int(value[:4]) + 1) % 100 != int(value[5:]):
        raise wrong(node, f"{name} is {shown(value)}, not a year and the next", f"write {like}")
    return value


def _scale(name: str, node: Node) -> tuple[ScaleStep, ...]:
    steps: tuple[ScaleStep, ...] = list_of(made("a step of the scale", ScaleStep, _STEP))(name, node)
    if (scores := [step.score for step in steps]) != [0, 1, 2]:
        what = f"{name} has the scores {', '.join(map(str, scores))}"
        raise wrong(node, what, "write three steps, with the scores 0, 1 and 2 in this order")
    return steps


def _descriptors(**by_score: str) -> tuple[str, ...]:
    return tuple(by_score[score] for score in "012")


def _standard(**values: Any) -> StandardFile:
    """An indicator that repeats its standard's theme says nothing more than one that leaves it out."""
    theme, indicators = values["theme"], values.pop("indicators")
    same = (replace(one, theme=None) if one.theme == theme else one for one in indicators)
    return StandardFile(**values, indicators=tuple(same))


def made(noun: str, make: Any, readers: Mapping[str, Reader]) -> Reader:
    optional = [
        one.name for one in fields(make) if one.default is not MISSING or one.default_factory is not MISSING
    ]
    return record(noun, make, readers, optional)


_LINE = text(longest=TITLE_LENGTH)
CODE = text(CODE_LENGTH, "[A-Za-z0-9][A-Za-z0-9.-]*", "letters, digits, dots and hyphens, such as A1.1")
KEY = text(
    KEY_LENGTH, "[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens, such as board-lead-named"
)

_THEME = {"code": CODE, "title": _LINE}
_STEP = {"score": whole(0, 2), "label": _LINE, "description": text()}
_QUESTION = {
    "code": CODE,
    "kind": one_of(KINDS),
    "text": text(),
    "hint": text(),
    "required": flag,
    "personal": flag,
    "choices": list_of(_LINE, distinct=True),
}
_INDICATOR = {
    "code": CODE,
    "key": KEY,
    "theme": CODE,
    "text": text(),
    "guidance": text(),
    "descriptors": record("a set of descriptors", _descriptors, dict.fromkeys("012", text())),
    "evidence": list_of(text(), distinct=True),
    "sources": list_of(text(), distinct=True),
    "critical": flag,
    "core": flag,
    "not_applicable": flag,
    "refresh_months": whole(1, 120),
    "applies_if": mapping_of(text(), like='{P12: "yes"}'),
    "in_force": day,
    "prepare": flag,
}
_STANDARD = {
    "code": CODE,
    "theme": CODE,
    "title": _LINE,
    "guidance": text(),
    "sources": list_of(text(), distinct=True),
    "indicators": list_of(made("an indicator", IndicatorFile, _INDICATOR)),
}
_BANK = {
    "variant": one_of(VARIANTS),
    "duty": one_of(DUTIES),
    "title": _LINE,
    "edition": _edition,
    "introduction": text(),
    "scale": _scale,
    "not_applicable_reasons": list_of(_LINE, distinct=True),
    "profile": list_of(made("a profile question", ProfileQuestionFile, _QUESTION), least=0),
    "standards": list_of(record("a standard", _standard, _STANDARD)),
}


# --- reading ---


def read_checked(path: Path, reader: Reader, *checks: Check) -> Any:
    faults = Faults()
    content = None
    with faults:
        root = parse(path)
        with faults:
            content = reader("the file", root)
        for check in (check_keys, *checks):
            faults.extend(check(root))
    if faults:
        raise QuestionnaireError(*(f"{path.name}, line {line}: {what}" for line, what in sorted(set(faults))))
    return content


def read_themes(path: Path) -> tuple[ThemeFile, ...]:
    """The themes in the order of the file; raises QuestionnaireError with everything that is wrong."""
    themes: tuple[ThemeFile, ...] = read_checked(
        path, list_of(made("a theme", ThemeFile, _THEME)), check_unique
    )
    return themes


def read_questionnaire(path: Path, themes: Iterable[ThemeFile]) -> QuestionnaireFile:
    """One bank, held to these themes; raises QuestionnaireError with everything that is wrong."""
    return _read_bank(path, check_themes([theme.code for theme in themes]))


def _read_bank(path: Path, *checks: Check) -> QuestionnaireFile:
    reader = made("a question bank", QuestionnaireFile, _BANK)
    bank: QuestionnaireFile = read_checked(
        path, reader, check_unique, check_choices, check_conditions, *checks
    )
    return bank


def read_folder(folder: Path) -> BankFolder:
    """The banks of a folder in the order of VARIANTS. Where it has no themes.yaml, the shipped one holds."""
    own = folder / THEMES_FILE
    paths = sorted(
        path for path in folder.glob("*.yaml") if path.name not in (THEMES_FILE, PRACTITIONERS_FILE)
    )
    if not paths:
        raise QuestionnaireError(
            f"{folder}: there is no question bank here; name a folder that holds one such as standard.yaml"
        )
    errors, banks, taken = list[str](), list[QuestionnaireFile](), dict[str, str]()
    themes: tuple[ThemeFile, ...] = ()
    try:
        themes = read_themes(own if own.exists() else SHIPPED / THEMES_FILE)
    except QuestionnaireError as error:
        errors.extend(error.errors)
    # With the themes unread, every theme in every bank would look wrong.
    known = [check_themes([theme.code for theme in themes])] if themes else []
    for path in paths:
        try:
            banks.append(_read_bank(path, *known, check_variant(taken, path.name)))
        except QuestionnaireError as error:
            errors.extend(error.errors)
    if errors:
        raise QuestionnaireError(*errors)
    return BankFolder(
        themes=themes, questionnaires=tuple(sorted(banks, key=lambda bank: VARIANTS.index(bank.variant)))
    )


# --- comparing ---


def digest(questionnaire: QuestionnaireFile) -> str:
    """SHA-256 of what the bank says; the file's layout, comments and left-out defaults make no difference."""
    content = json.dumps(asdict(questionnaire), sort_keys=True, default=date.isoformat)
    return hashlib.sha256(content.encode()).hexdigest()


# Shown item by item, not as one field.
_LISTED = ("scale", "not_applicable_reasons", "profile", "standards", "indicators")


def diff(old: QuestionnaireFile, new: QuestionnaireFile) -> list[str]:
    """What changed, a line each in plain words; empty exactly where the digests are the same."""
    return [
        *_changes("questionnaire", old, new),
        *_list_changes("scale step", _by("score", old.scale), _by("score", new.scale)),
        *_list_changes("reason", _quoted(old.not_applicable_reasons), _quoted(new.not_applicable_reasons)),
        *_list_changes("profile question", _by("code", old.profile), _by("code", new.profile)),
        *_list_changes("standard", _by("code", old.standards), _by("code", new.standards)),
        *_list_changes("indicator", _indicators(old), _indicators(new)),
        *_moves(old, new),
    ]


def _by(name: str, items: Iterable[Any]) -> dict[str, Any]:
    return {str(getattr(item, name)): item for item in items}


def _quoted(reasons: Iterable[str]) -> dict[str, str]:
    return {f'"{reason}"': reason for reason in reasons}


def _indicators(bank: QuestionnaireFile) -> dict[str, IndicatorFile]:
    return _by("key", (indicator for standard in bank.standards for indicator in standard.indicators))


def _moves(old: QuestionnaireFile, new: QuestionnaireFile) -> Iterator[str]:
    before, after = (
        {one.key: home.code for home in bank.standards for one in home.indicators} for bank in (old, new)
    )
    for key, home in before.items():
        if after.get(key, home) != home:
            yield f"indicator {key}: moved from standard {home} to {after[key]}"


def _list_changes(noun: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{noun} {name}: removed" for name in old if name not in new)
    yield from (f"{noun} {name}: added" for name in new if name not in old)
    both = [name for name in old if name in new]
    if both != [name for name in new if name in old]:
        yield f"{noun}s: in another order"
    for name in both:
        yield from _changes(f"{noun} {name}", old[name], new[name])


def _changes(subject: str, old: Any, new: Any) -> Iterator[str]:
    for name in (one.name for one in fields(old)) if is_dataclass(old) else ():
        was, now = getattr(old, name), getattr(new, name)
        if was != now and name not in _LISTED:
            yield f"{subject}: {name.replace('_', ' ')} {_change(was, now)}"


def _change(was: Any, now: Any) -> str:
    if isinstance(was, tuple):
        gone = [f"{_plain(item)} removed" for item in was if item not in now]
        come = [f"{_plain(item)} added" for item in now if item not in was]
        return ", ".join([*gone, *come]) or "in another order"
    if max(len(_plain(was)), len(_plain(now))) > TITLE_LENGTH:
        return "changed"
    return f"was {_plain(was)}, is now {_plain(now)}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " and ".join(f"{code} is {_plain(answer)}" for code, answer in value.items()) or "nothing"
    if isinstance(value, str):
        return f'"{value}"' if value else "nothing"
    return "nothing" if value is None else str(value)
