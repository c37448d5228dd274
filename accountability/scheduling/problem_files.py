"""The problem as JSON: what is missing or of the wrong type is refused with one sentence that says where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from accountability.scheduling.problem import Current, Meeting, Member, Place, Problem, ProblemError, Slot

T = TypeVar("T")
LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)
MISSING: Any = object()


def read_problem(content: bytes) -> Problem:
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=take_once, parse_constant=refuse_constant
        )
    except UnicodeDecodeError as error:
        raise ProblemError("The problem is not UTF-8: save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ProblemError(f"The problem is not JSON: line {error.lineno}: {error.msg}.") from error
    except RecursionError as error:
        raise ProblemError("The problem is nested too deeply to be read.") from error
    return parse_problem(data)


def take_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python would take the last of two keys of one name, and say nothing."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ProblemError(f"The key ‘{key}’ is there twice in one object; give it once.")
        found[key] = value
    return found


def refuse_constant(name: str) -> Any:
    raise ProblemError(f"The problem is not JSON: {name} is not a number.")


def parse_problem(data: object) -> Problem:
    """Keys that are not ours are let be: a caller may keep names beside the ids."""
    whole = as_object(data, "the problem")
    return Problem(
        slots=take_list(whole, "", "slots", parse_slot),
        tracks=take(whole, "", "tracks", as_whole),
        panel_size=take(whole, "", "panel_size", as_whole),
        sectors=take(whole, "", "sectors", as_whole),
        members=take_list(whole, "", "members", parse_member),
        meetings=take_list(whole, "", "meetings", parse_meeting),
        people=take_list(whole, "", "people", as_text, default=()),
    )


def parse_slot(data: object, where: str) -> Slot:
    one = as_object(data, where)
    return Slot(start=take(one, where, "start", as_local_time), minutes=take(one, where, "minutes", as_whole))


def parse_member(data: object, where: str) -> Member:
    one = as_object(data, where)
    return Member(
        id=take(one, where, "id", as_text),
        sector=take(one, where, "sector", as_text),
        slots=take_list(one, where, "slots", as_whole),
        chair=take(one, where, "chair", as_truth, default=False),
        organisation=take(one, where, "organisation", or_null(as_text), default=None),
        group=take(one, where, "group", or_null(as_text), default=None),
        conflicts=take_list(one, where, "conflicts", as_text, default=()),
        most=take(one, where, "most", or_null(as_whole), default=None),
    )


def parse_meeting(data: object, where: str) -> Meeting:
    one = as_object(data, where)
    return Meeting(
        organisation=take(one, where, "organisation", as_text),
        priority=take(one, where, "priority", as_whole),
        slots=take_list(one, where, "slots", as_whole),
        group=take(one, where, "group", or_null(as_text), default=None),
        locked=take(one, where, "locked", or_null(parse_place), default=None),
        preferred=take_list(one, where, "preferred", as_whole, default=()),
        attendees=take_list(one, where, "attendees", as_text, default=()),
        current=take(one, where, "current", or_null(parse_current), default=None),
    )


def parse_place(data: object, where: str) -> Place:
    one = as_object(data, where)
    return Place(slot=take(one, where, "slot", as_whole), track=take(one, where, "track", as_whole))


def parse_current(data: object, where: str) -> Current:
    one = as_object(data, where)
    return Current(
        slot=take(one, where, "slot", as_whole),
        track=take(one, where, "track", or_null(as_whole), default=None),
        members=take_list(one, where, "members", as_text, default=()),
    )


def take(
    data: Mapping[str, object],
    where: str,
    key: str,
    parse: Callable[[object, str], T],
    *,
    default: T = MISSING,
) -> T:
    where = f"{where}.{key}" if where else key
    if key in data:
        return parse(data[key], where)
    if default is MISSING:
        raise ProblemError(f"{where}: it is missing; give it.")
    return default


def take_list(
    data: Mapping[str, object],
    where: str,
    key: str,
    parse: Callable[[object, str], T],
    *,
    default: tuple[T, ...] = MISSING,
) -> tuple[T, ...]:
    def parse_all(given: object, where: str) -> tuple[T, ...]:
        if given is None and default is not MISSING:
            return default
        if not isinstance(given, list):
            raise ProblemError(f"{where}: {show(given)} is not a list.")
        return tuple(parse(one, f"{where}[{index}]") for index, one in enumerate(given))

    return take(data, where, key, parse_all, default=default)


def or_null(parse: Callable[[object, str], T]) -> Callable[[object, str], T | None]:
    return lambda data, where: None if data is None else parse(data, where)


def as_object(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise ProblemError(f"{where}: {show(data)} is not an object.")
    return data


def as_text(data: object, where: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise ProblemError(f"{where}: {show(data)} is not a text; give one that is not empty.")
    return data


def as_whole(data: object, where: str) -> int:
    # In Python True is an int; in JSON it is none.
    if not isinstance(data, int) or isinstance(data, bool):
        raise ProblemError(f"{where}: {show(data)} is not a whole number.")
    return data


def as_truth(data: object, where: str) -> bool:
    if not isinstance(data, bool):
        raise ProblemError(f"{where}: {show(data)} is neither true nor false.")
    return data


def as_local_time(data: object, where: str) -> datetime:
    try:
        if isinstance(data, str) and LOCAL_TIME.fullmatch(data):
            return datetime.fromisoformat(data)
    except ValueError:
        pass  # the 31st of June
    raise ProblemError(
        f"{where}: {show(data)} is not a local time such as 2027-03-03T09:30, without an offset."
    )


def show(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:39]}…"
