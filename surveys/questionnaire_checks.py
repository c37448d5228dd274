"""Checks across a question bank's file: what no single value shows. They look at nodes, so they know lines.

A check gives faults and never raises; a part that has the wrong shape is left to its reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from yaml import Node, ScalarNode

from surveys.yaml_nodes import Fault, at, fault, pairs, shown

Check = Callable[[Node], Iterable[Fault]]

_INDICATORS = ("standards", "*", "indicators", "*")
# People cite codes, so one code is one thing in the whole file; the first path is a file of themes.
_CODES = (("*", "code"), ("profile", "*", "code"), ("standards", "*", "code"), (*_INDICATORS, "code"))
_KEYS = ((*_INDICATORS, "key"),)
_THEMES = (("standards", "*", "theme"), (*_INDICATORS, "theme"))


def _words(root: Node, *paths: tuple[str, ...]) -> list[tuple[str, ScalarNode]]:
    """What was typed at the paths, in the order of the file."""
    nodes = (node for path in paths for node in at(root, *path))
    found = [(str(node.value).strip(), node) for node in nodes if isinstance(node, ScalarNode)]
    return sorted(found, key=lambda word: int(word[1].start_mark.index))


def _word(root: Node, *path: str) -> str:
    return next((word for word, _ in _words(root, path)), "")


def check_unique(root: Node) -> Iterator[Fault]:
    for noun, paths in (("code", _CODES), ("key", _KEYS)):
        first: dict[str, int] = {}
        for word, node in _words(root, *paths):
            if word in first:
                yield fault(
                    node, f"the {noun} {shown(word)} is on line {first[word]} already", "give each its own"
                )
            elif word:
                first[word] = node.start_mark.line + 1


def check_choices(root: Node) -> Iterator[Fault]:
    for question in at(root, "profile", "*"):
        kind, choices = _word(question, "kind"), next(at(question, "choices"), None)
        if kind == "choice" and choices is None:
            yield fault(
                question, 'a question of the kind choice lacks "choices"', "add the list to choose from"
            )
        elif kind not in ("choice", "") and choices is not None:
            what = 'only a question of the kind choice has "choices"'
            yield fault(choices, what, "remove them, or change the kind")


def check_conditions(root: Node) -> Iterator[Fault]:
    questions: dict[str, Node] = {}
    for question in at(root, "profile", "*"):
        questions.setdefault(_word(question, "code"), question)  # a second of the same code is told elsewhere
    for condition in at(root, *_INDICATORS, "applies_if"):
        for code, value in pairs(condition):
            if code.value not in questions:
                what = f'"applies_if" asks {shown(code.value)}, which is no profile question'
                yield fault(
                    code,
                    what,
                    f"write one of {', '.join(questions)}" if questions else "add it to the profile",
                )
            elif isinstance(value, ScalarNode) and value.tag.endswith(":str"):
                yield from _check_answer(questions[code.value], value)


def _check_answer(question: Node, value: ScalarNode) -> Iterator[Fault]:
    """An indicator that waits for an answer its question cannot have would never be asked."""
    answer = value.value.strip()
    choices = [word for word, _ in _words(question, ("choices", "*"))]
    possible, like = {
        "yes_no": (answer in ("yes", "no"), '"yes" or "no"'),
        "choice": (answer in choices, f"one of {', '.join(map(shown, choices))}"),
        "number": (re.fullmatch("0|[1-9][0-9]*", answer), "a whole number"),
        "date": (re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", answer), "a date such as 2026-09-01"),
    }.get(_word(question, "kind"), (True, ""))
    if not possible:
        what = f'"applies_if" waits for {shown(answer)}, which {_word(question, "code")} cannot have'
        yield fault(value, what, f"write {like}")


def check_themes(codes: Collection[str]) -> Check:
    def check(root: Node) -> Iterator[Fault]:
        for word, node in _words(root, *_THEMES):
            if word and word not in codes:
                yield fault(node, f"{shown(word)} is not a theme", f"write one of {', '.join(codes)}")

    return check


def check_variant(taken: dict[str, str], name: str) -> Check:
    """One folder, one bank a variant: which of two is meant, only a person can say."""

    def check(root: Node) -> Iterator[Fault]:
        for word, node in _words(root, ("variant",)):
            if taken.setdefault(word, name) != name:
                what = f"{taken[word]} is the bank of the variant {shown(word)} already"
                yield fault(node, what, "keep one of the two in this folder")

    return check
