"""The passport of an audit, version 1: what its JSON holds, written and read. docs/passport.md says it field by field.

Pure. What is read has come from anywhere: each field is held against the format before anything is made of it.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from surveys.passport_fields import Fields, Unreadable

FORMAT: Final = "s11-passport"
VERSION: Final = 1

# The format's own words; a test holds them against the platform's.
SCORES: Final = (0, 1, 2)
KINDS: Final = ("file", "link", "reference")
PRIORITIES: Final = ("high", "medium", "low")
STATUSES: Final = ("not_started", "in_progress", "done", "dropped")
DONE: Final = "done"

LONGEST_TEXT: Final = 20_000
EVIDENCE_FILE: Final = re.compile(r"evidence/[a-z0-9][a-z0-9.-]{0,120}")
SHA256: Final = re.compile(r"[0-9a-f]{64}")


# What it holds --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Which audit it is of."""

    partnership: str
    organisation: str
    cycle: str
    bank: str
    made_at: str

    @property
    def made_on(self) -> datetime.date | None:
        """None where it says nothing that is a moment."""
        try:
            return datetime.date.fromisoformat(self.made_at[:10])
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class PassportAnswer:
    """By the indicator's key, which is the same across editions and variants. `evidence` are ids of items."""

    key: str
    code: str = ""
    statement: str = ""
    score: int | None = None
    not_applicable_reason: str = ""
    commentary: str = ""
    no_action_reason: str = ""
    confirmed: bool = True
    changed_at: str = ""
    changed_by: str = ""
    evidence: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        words = self.not_applicable_reason or self.commentary or self.no_action_reason
        return self.score is None and not words


@dataclass(frozen=True, slots=True)
class PassportVersion:
    """A file in the zip, an address, or where a thing can be seen. `file` is empty where the file is not held."""

    number: int
    name: str = ""
    content_type: str = ""
    size: int = 0
    sha256: str = ""
    file: str = ""
    url: str = ""
    reference: str = ""
    added_at: str = ""


@dataclass(frozen=True, slots=True)
class PassportEvidence:
    """One item with the versions that back the audit, the newest last."""

    id: str
    kind: str
    title: str
    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None
    removal_reason: str = ""
    versions: tuple[PassportVersion, ...] = ()

    @property
    def newest(self) -> PassportVersion:
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class PassportAction:
    """One action of the plan; `answer` is the key of the answer that it was born from, or empty."""

    id: str
    what: str
    measure: str
    owner: str
    due_on: datetime.date
    first_due_on: datetime.date
    answer: str = ""
    starts_on: datetime.date | None = None
    priority: str = "medium"
    status: str = "not_started"
    percent: int = 0
    impact: str = ""
    created_at: str = ""
    evidence: tuple[str, ...] = ()
    # What was reported: to be read, never brought in.
    updates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Passport:
    """What can be brought in elsewhere. The JSON says more, for people and other programs."""

    source: Source
    answers: tuple[PassportAnswer, ...] = ()
    evidence: tuple[PassportEvidence, ...] = ()
    actions: tuple[PassportAction, ...] = ()


# Writing --------------------------------------------------------------------------------------------------------------


def make_json(passport: Passport, **more: object) -> bytes:
    """`more` are sections that are only to be read, such as the profile."""
    about = {"format": FORMAT, "version": VERSION}
    parts = {one.name: _plain(getattr(passport, one.name)) for one in dataclasses.fields(passport)}
    text = json.dumps(about | parts | more, indent=1, ensure_ascii=False, default=_spell)
    return f"{text}\n".encode()


def _plain(part: Any) -> Any:
    return [dataclasses.asdict(one) for one in part] if isinstance(part, tuple) else dataclasses.asdict(part)


def _spell(value: object) -> str:
    if isinstance(value, datetime.date):  # a moment too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a passport")


# Reading --------------------------------------------------------------------------------------------------------------


def read_json(content: bytes) -> Passport:
    """Raises Unreadable."""
    data = _load(content)
    check_version(data)
    root = Fields(data, "passport.json")
    passport = Passport(
        source=_read_source(root.inside("source")),
        answers=tuple(_read_answer(one) for one in root.rows("answers")),
        evidence=tuple(_read_evidence(one) for one in root.rows("evidence")),
        actions=tuple(_read_action(one) for one in root.rows("actions")),
    )
    _check_names(passport)
    return passport


def _load(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("Its passport.json cannot be read: download the passport again.") from None
    if not isinstance(data, dict):
        raise Unreadable("Its passport.json cannot be read: download the passport again.")
    return data


def check_version(data: Mapping[str, Any]) -> None:
    if data.get("format") != FORMAT:
        raise Unreadable("That zip is no passport of an audit: choose the zip that ‘Zip of everything’ made.")
    found = data.get("version")
    if found != VERSION or isinstance(found, bool):
        said = found if isinstance(found, int) else "unknown"
        raise Unreadable(
            f"The passport has version {said} of the format, and only version {VERSION} can be read here: "
            "ask whoever made it for that version."
        )


def _read_source(given: Fields) -> Source:
    return Source(**{one.name: given.text(one.name) for one in dataclasses.fields(Source)})


def _read_answer(given: Fields) -> PassportAnswer:
    answer = PassportAnswer(
        key=given.text("key", 100, is_required=True),
        code=given.text("code", 20),
        statement=given.text("statement", LONGEST_TEXT),
        score=given.score(),
        not_applicable_reason=given.text("not_applicable_reason", 200),
        commentary=given.text("commentary", LONGEST_TEXT),
        no_action_reason=given.text("no_action_reason", LONGEST_TEXT),
        confirmed=given.flag("confirmed"),
        changed_at=given.text("changed_at"),
        changed_by=given.text("changed_by"),
        evidence=given.texts("evidence"),
    )
    if answer.score is not None and answer.not_applicable_reason:
        raise given.refuse("score", "null where there is a reason for not applicable")
    return answer


def _read_evidence(given: Fields) -> PassportEvidence:
    item = PassportEvidence(
        id=given.text("id", is_required=True),
        kind=given.choice("kind", KINDS),
        title=given.text("title", 200, is_required=True),
        effective_on=given.day("effective_on"),
        expires_on=given.day("expires_on"),
        removal_reason=given.text("removal_reason", 500),
        versions=tuple(_read_version(one) for one in given.rows("versions")),
    )
    numbers = [version.number for version in item.versions]
    if not numbers or numbers != sorted(set(numbers)):
        raise given.refuse("versions", "a list of at least one version, with rising numbers")
    if item.effective_on and item.expires_on and item.expires_on < item.effective_on:
        raise given.refuse("expires_on", "the day it holds from, or later")
    if not item.removal_reason:
        _check_kind(item, given)
    return item


def _check_kind(item: PassportEvidence, given: Fields) -> None:
    newest = item.newest
    if item.kind == "link" and not _is_address(newest.url):
        raise given.refuse("url", "an address that begins with https:// or http://")
    if item.kind == "reference" and not newest.reference.strip():
        raise given.refuse("reference", "a text that is not empty")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)
    except ValueError:
        return False


def _read_version(given: Fields) -> PassportVersion:
    version = PassportVersion(
        number=given.whole("number", 1, 32_767),
        name=given.text("name", 255),
        content_type=given.text("content_type", 100),
        size=given.whole("size", 0, 1 << 40),
        sha256=given.text("sha256", 64),
        file=given.text("file"),
        url=given.text("url", 1_000),
        reference=given.text("reference", 1_000),
        added_at=given.text("added_at"),
    )
    if version.file and not EVIDENCE_FILE.fullmatch(version.file):
        raise given.refuse("file", "a file in the folder evidence")
    if version.file and not SHA256.fullmatch(version.sha256):
        raise given.refuse("sha256", "64 hexadecimal digits")
    return version


def _read_action(given: Fields) -> PassportAction:
    action = PassportAction(
        id=given.text("id", is_required=True),
        answer=given.text("answer", 100),
        what=given.text("what", LONGEST_TEXT, is_required=True),
        measure=given.text("measure", LONGEST_TEXT),
        owner=given.text("owner", 150),
        starts_on=given.day("starts_on"),
        due_on=given.known_day("due_on"),
        first_due_on=given.known_day("first_due_on"),
        priority=given.choice("priority", PRIORITIES),
        status=given.choice("status", STATUSES),
        percent=given.whole("percent", 0, 100),
        impact=given.text("impact", LONGEST_TEXT),
        created_at=given.text("created_at"),
        evidence=given.texts("evidence"),
    )
    if action.status == DONE and action.percent != 100:
        raise given.refuse("percent", "100 where the action is done")
    if action.starts_on and action.due_on < action.starts_on:
        raise given.refuse("due_on", "the day it starts, or later")
    return action


def _check_names(passport: Passport) -> None:
    """Each thing is named once, and what is named is there."""
    named: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        ("answers", lambda: [one.key for one in passport.answers]),
        ("evidence", lambda: [one.id for one in passport.evidence]),
        ("actions", lambda: [one.id for one in passport.actions]),
        (
            "evidence",
            lambda: [version.file for one in passport.evidence for version in one.versions if version.file],
        ),
    )
    for section, get_names in named:
        names = get_names()
        if len(names) != len(set(names)):
            raise Unreadable(
                f"The passport names the same thing twice in ‘{section}’: download it again, or tell whoever made it."
            )
    known = {one.id for one in passport.evidence}
    answers, actions = passport.answers, passport.actions
    used = {one for answer in answers for one in answer.evidence} | {
        one for action in actions for one in action.evidence
    }
    if used - known:
        raise Unreadable(
            "The passport names evidence that it does not hold: download it again, or tell whoever made it."
        )
