"""What is called with room of its own gives what it gave, and asks the system for memory once."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from threading import Thread

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from s11.web.call_room import with_room
from s11.web.request_ids import RequestIdMiddleware

DEPTH, TURNS = 300, 1000


def test_arguments_answers_and_errors_go_through() -> None:
    assert with_room(divmod)(7, 2) == (3, 1)
    assert with_room(sorted)([1, 3, 2], reverse=True) == [3, 2, 1]
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(7, 0)


def test_python_allows_as_many_calls_as_before() -> None:
    with pytest.raises(RecursionError):
        with_room(fall)()
    assert with_room(with_room(descend))(sys.getrecursionlimit() - 500, 1) == 1


def fall() -> None:
    fall()


def test_a_request_asks_for_no_memory_wherever_its_loops_stand() -> None:
    def answer(_: HttpRequest) -> HttpResponse:
        descend(DEPTH, TURNS)
        return HttpResponse()

    request = RequestFactory().get("/")
    bare = count_pages(lambda: answer(request))
    roomy = count_pages(lambda: RequestIdMiddleware(answer)(request))
    # A page is 4 kB, and each of so many calls takes less than that.
    assert roomy < DEPTH < TURNS < bare


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


def count_pages(call: Callable[[], object]) -> int:
    """Those that the system gives for it to a thread of its own, which begins without any."""
    found = []

    def run() -> None:
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        call()
        found.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return found[0]
