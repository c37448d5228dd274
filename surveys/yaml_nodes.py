"""YAML read node by node, so that every error knows its line and the person gets all of them at once.

Pure, and knows nothing of question banks: files in, values out, or faults. Nothing but text, whole numbers,
true or false and dates is ever made of a file; YAML's own constructors never run.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES: Final = 1_000_000  # ten times the largest shipped file; more is another kind of file
MOST_LEVELS: Final = 20  # no schema here needs half of it; thousands would exhaust the reader's stack

Fault = tuple[int, str]  # the line, and the sentence about it


class ReadingError(Exception):
    """One or more faults in a value. Whoever reads the record around it collects them and goes on."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


def fault(node: Node, what: str, fix: str) -> Fault:
    return node.start_mark.line + 1, f"{what}; {fix}"


def wrong(node: Node, what: str, fix: str) -> ReadingError:
    return ReadingError(fault(node, what, fix))


class Faults(list[Fault]):
    """Collects the faults of several readings: `with faults:` keeps those of its block and goes on after."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(error, ReadingError):
            self.extend(error.faults)
        return isinstance(error, ReadingError)

    def raise_any(self) -> None:
        if self:
            raise ReadingError(*self)


# --- from a file to nodes ---

# libyaml where PyYAML was built with it: twenty times faster, the same nodes and lines.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML does not allow in a file, nor PostgreSQL (NUL) or a page in a value.
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(path: Path) -> Node:
    """The file's root. Keys are checked by `check_keys`, values by a reader."""
    text = _decode(path)
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ReadingError(_syntax_fault(error)) from error
    if root is None:
        raise ReadingError((1, "the file is empty; copy one of the shipped files and change that"))
    return root


def _syntax_fault(error: yaml.YAMLError) -> Fault:
    # What is never closed is found at the end of the file; the person needs the line on which it opens.
    unclosed = re.search("flow|quoted", getattr(error, "context", None) or "")
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    why = " ".join(str(getattr(error, "problem", None) or error).split())
    fix = "check indentation, brackets and quotation marks, and quote text that holds a colon or starts with a sign"
    return mark.line + 1 if mark else 1, f"this is not valid YAML ({why}); {fix}"


def _decode(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ReadingError(
            (1, f"the file cannot be read ({error.strerror}); check its name and permissions")
        ) from error
    if len(data) > MOST_BYTES:
        raise ReadingError(
            (1, f"the file is larger than {MOST_BYTES:,} bytes; check that it is the right one")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadingError((line, "this is not UTF-8; save the file with the encoding UTF-8")) from error
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ReadingError((line, f"there is a control character ({found[0]!a}); remove it"))
    return text


def _refuse_tricks(text: str) -> None:
    """Anchors, aliases and tags say more than plain content needs; a few of them can stand for gigabytes."""
    level = 0
    event: Any  # the stubs give its parts to the subclasses alone
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:  # an alias has one too
            what = f"{shown(event.anchor)} is an anchor or alias (& or *)"
            raise ReadingError((line, f"{what}; put the text in quotation marks, or write the value out"))
        if getattr(event, "tag", None) is not None:
            what = f"{shown(event.tag)} is a tag (!)"
            raise ReadingError((line, f"{what}; put the text in quotation marks, or remove the tag"))
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > MOST_LEVELS:
            raise ReadingError((line, f"this is nested more than {MOST_LEVELS} levels deep; use fewer"))


def check_keys(root: Node) -> Iterator[Fault]:
    """YAML lets a key come twice, and the last one wins without a word; and a key may be a whole list."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                waiting.append(value)
                if not isinstance(key, ScalarNode):
                    yield fault(key, "a key here is a list or a set of keys", "write a word")
                elif key.value in first:
                    what = f"{shown(key.value)} is here twice (first on line {first[key.value]})"
                    yield fault(key, what, "remove one")
                else:
                    first[key.value] = key.start_mark.line + 1


# --- from nodes to values ---

Reader = Callable[[str, Node], Any]  # the value's name in sentences, and its node; raises ReadingError

_READ_AS = {"bool": "yes or no", "int": "a number", "float": "a number", "timestamp": "a date"}


def shown(value: str) -> str:
    """A person's own words in a sentence: on one line, printable and short."""
    line = " ".join(value.split())
    short = line if len(line) <= 60 else line[:59] + "…"
    return '"' + "".join(character if character.isprintable() else "?" for character in short) + '"'


def pairs(node: Node) -> Iterator[tuple[ScalarNode, Node]]:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if isinstance(key, ScalarNode):  # check_keys reports any other
            yield key, value


def at(node: Node, *path: str) -> Iterator[Node]:
    """The nodes at a path, `*` for every item of a list. Another shape gives nothing: its reader says so."""
    if not path:
        yield node
    elif path[0] == "*" and isinstance(node, SequenceNode):
        for item in node.value:
            yield from at(item, *path[1:])
    else:
        for key, value in pairs(node):
            if key.value == path[0]:
                yield from at(value, *path[1:])


def _scalar(name: str, node: Node, fix: str) -> tuple[str, str]:
    """What was typed, and what YAML takes it for."""
    if not isinstance(node, ScalarNode):
        kind = "a list" if isinstance(node, SequenceNode) else "a set of keys"
        raise wrong(node, f"{name} is {kind}", fix)
    kind = node.tag.rpartition(":")[2]
    if kind == "null" or not node.value.strip():
        raise wrong(node, f"{name} is empty", f"{fix}, or leave the line out where the schema lets you")
    return node.value.strip(), kind


def text(
    longest: int | None = None, pattern: str = "", like: str = "text, in quotation marks if it holds a colon"
) -> Reader:
    """Text without the space around it, which is the file's layout. With a longest length it is one line;
    `like` says what the pattern wants."""

    def read(name: str, node: Node) -> str:
        value, kind = _scalar(name, node, f"write {like}")
        if kind != "str":
            seen = _READ_AS.get(kind, "a special sign")
            raise wrong(
                node,
                f"{name} is read as {seen}, not as text",
                f"put it in quotation marks: {shown(value)}",
            )
        if found := _UNPRINTABLE.search(value):
            raise wrong(node, f"{name} holds a control character ({found[0]!a})", "remove it")
        if longest and len(value.splitlines()) > 1:
            raise wrong(node, f"{name} has several lines", "write one")
        if longest and len(value) > longest:
            raise wrong(node, f"{name} has {len(value)} characters", f"write at most {longest}")
        if pattern and not re.fullmatch(pattern, value):
            raise wrong(node, f"{name} is {shown(value)}", f"write {like}")
        return value

    return read


def one_of(options: Iterable[str]) -> Reader:
    return text(pattern="|".join(options), like=f"one of {', '.join(options)}")


def whole(least: int, most: int) -> Reader:
    def read(name: str, node: Node) -> int:
        fix = f"write a whole number from {least} to {most}"
        value, kind = _scalar(name, node, fix)
        # YAML has more ways to write a number (010 is eight, 1:30 is ninety); none is meant here.
        if kind != "int" or not re.fullmatch("0|[1-9][0-9]{0,5}", value) or not least <= int(value) <= most:
            raise wrong(node, f"{name} is {shown(value)}", fix)
        return int(value)

    return read


def flag(name: str, node: Node) -> bool:
    fix = "write true or false, without quotation marks"
    value, kind = _scalar(name, node, fix)
    if kind != "bool":
        raise wrong(node, f"{name} is {shown(value)}", fix)
    return value.lower() in ("true", "yes", "on")


def day(name: str, node: Node) -> date:
    fix = "write a date such as 2026-09-01"
    value, _ = _scalar(name, node, fix)
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # no such day: said below
    raise wrong(node, f"{name} is {shown(value)}", fix)


def list_of(reader: Reader, least: int = 1, distinct: bool = False) -> Reader:
    def read(name: str, node: Node) -> tuple[Any, ...]:
        if not isinstance(node, SequenceNode):
            raise wrong(
                node, f"{name} is not a list", "write each of its items on a line that starts with a dash"
            )
        faults, values, seen = Faults(), list[Any](), set[str]()
        if len(node.value) < least:
            faults.append(fault(node, f"{name} is an empty list", "add at least one item"))
        for item in node.value:
            with faults:
                value = reader(f"an item of {name}", item)
                if distinct and value in seen:
                    raise wrong(item, f"{name} has {shown(value)} twice", "remove one")
                if distinct:
                    seen.add(value)
                values.append(value)
        faults.raise_any()
        return tuple(values)

    return read


def record(
    noun: str, make: Callable[..., Any], readers: Mapping[str, Reader], optional: Collection[str] = ()
) -> Reader:
    """A set of keys, each with its reader; what they give is passed to `make` by name."""

    def read(name: str, node: Node) -> Any:
        if not isinstance(node, MappingNode):
            raise wrong(node, f"{name} is not {noun}", f"write its keys: {', '.join(readers)}")
        faults, values = Faults(), dict[str, Any]()
        for key, value in pairs(node):
            with faults:
                if key.value not in readers:
                    near = difflib.get_close_matches(key.value, readers, 1)
                    fix = f"write {near[0]}" if near else f"remove it or write one of {', '.join(readers)}"
                    raise wrong(key, f"{shown(key.value)} is not a key of {noun}", fix)
                values[key.value] = None  # it is there, even if its value is wrong
                values[key.value] = readers[key.value](f'"{key.value}"', value)
        for missing in (key for key in readers if key not in values and key not in optional):
            faults.append(fault(node, f'{noun} here lacks "{missing}"', "add it"))
        faults.raise_any()
        return make(**values)

    return read


def mapping_of(reader: Reader, like: str) -> Reader:
    """Any keys, every value read alike."""

    def read(name: str, node: Node) -> dict[str, Any]:
        if not isinstance(node, MappingNode):
            raise wrong(node, f"{name} is not a set of keys", f"write it like {like}")
        names = {key.value: reader for key, _ in pairs(node)}
        values: dict[str, Any] = record(name, dict, names)(name, node)
        return values

    return read
