"""What nothing can do without: a view's own queries run raw and its bytes sent, behind the same middleware and session.

`FloorMiddleware` stands innermost, so that whatever stands around a view is in the figure and in its floor.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from benchmarks.measuring import Pair, take_pairs

PAIRS: Final = 7
Statement = tuple[str, Any]


class Mode(Enum):
    """What becomes of a request that has come through all middleware."""

    SERVE = auto()
    RECORD = auto()
    REPLAY = auto()
    UPDATE = auto()


@dataclass(slots=True)
class Recorded:
    """What one visit of a page asked of the database inside its view, and what it sent."""

    mode: Mode = Mode.SERVE
    statements: list[Statement] = field(default_factory=list)
    body: bytes = b""
    # The row that UPDATE writes.
    answer: int = 0


RECORDED: Final = Recorded()


class FloorMiddleware:
    """Takes the view's place where a floor is measured."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match RECORDED.mode:
            case Mode.RECORD:
                RECORDED.statements.clear()
                with connection.execute_wrapper(_note):
                    response = view(request, *args, **kwargs)
                RECORDED.body = response.content
                return response
            case Mode.REPLAY:
                with connection.cursor() as cursor:
                    for sql, parameters in RECORDED.statements:
                        cursor.execute(sql, parameters)
                        cursor.fetchall()
                return HttpResponse(RECORDED.body)
            case Mode.UPDATE:
                return _update(request)
        return None


def _note(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
    # What a page writes, if it does, cannot be written again as it was: the floor is lower without it.
    if sql.startswith(("SELECT", "WITH")) and not many:
        RECORDED.statements.append((sql, parameters))
    return execute(sql, parameters, many, context)


def _update(request: HttpRequest) -> HttpResponse:
    """One row written by somebody who is signed in."""
    with transaction.atomic(), connection.cursor() as cursor:
        assert request.user.is_authenticated
        cursor.execute("UPDATE surveys_answer SET version = version + 1 WHERE id = %s", [RECORDED.answer])
    return HttpResponse(RECORDED.body)


def get_clock() -> Callable[[], float]:
    """The processor's own where the database works in this process: others on the machine count less."""
    return time.process_time if connection.vendor == "sqlite" else time.perf_counter


def measure_pairs(value: Callable[[], object], floor: Callable[[], object]) -> Pair:
    """One turn of each beforehand, so that neither pays for what is loaded once."""
    value()
    floor()
    return take_pairs(partial(_take, value), partial(_take, floor), PAIRS)


def _take(what: Callable[[], object]) -> float:
    clock = get_clock()
    begin = clock()
    what()
    return clock() - begin
