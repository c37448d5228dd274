"""What is called with room of its own gives what it gave, and asks the system for memory once."""

from __future__ import annotations

import resource
import sys

import pytest

from s11.web.call_room import with_room

DEPTH, TURNS = 300, 1000


def test_arguments_answers_and_errors_go_through() -> None:
    assert with_room(divmod)(7, 2) == (3, 1)
    assert with_room(sorted)([1, 3, 2], reverse=True) == [3, 2, 1]
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(7, 0)


def test_there_is_room_for_as_many_calls_as_python_allows() -> None:
    with pytest.raises(RecursionError):
        with_room(fall)()
    assert with_room(with_room(descend))(sys.getrecursionlimit() - 500, 1) == 1


def fall() -> None:
    fall()


def test_loops_ask_for_no_memory_wherever_they_stand() -> None:
    with_room(descend)(DEPTH, TURNS)  # whatever is asked for once
    before = count_pages()
    with_room(descend)(DEPTH, TURNS)
    # A page is 4 kB, and each of so many calls takes less than that.
    assert count_pages() - before < DEPTH


def descend(depth: int, turns: int) -> int:
    """A loop of small calls at each depth."""
    for _ in range(turns):
        small()
    return descend(depth - 1, turns) if depth else turns


def small() -> None:
    """Calls within calls: more than is left after the last of `descend` in a piece."""
    smaller()


def smaller() -> None:
    smallest()


def smallest() -> None:
    pass


def count_pages() -> int:
    """Those that the system has given to this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
