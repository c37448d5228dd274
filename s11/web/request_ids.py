"""One id for each request: in its response, on every line it logs, and on the page that says something went wrong.

Lines of a job carry the job's own id; which request asked for the job stands in the line that was logged then.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django_tasks import TaskResult
from django_tasks.signals import task_enqueued, task_finished, task_started

from s11.web.call_room import with_room

logger = logging.getLogger(__name__)

HEADER: Final = "X-Request-ID"
# What a proxy may have chosen. Anything else could write what it likes into our logs.
GIVEN: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """The outermost: whatever is logged on the way is logged under the id, and all of it has room for its calls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = with_room(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]  # for the error pages
        token, began = _current.set(request_id), time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            _log(request, response.status_code, began)
        finally:
            _current.reset(token)
        return response


def _log(request: HttpRequest, status: int, began: float) -> None:
    """By the address's name, for the address itself may be a key; by the person's id, if anything asked who it is."""
    if request.path.startswith((settings.STATIC_URL, "/health/", "/metrics/")):
        return
    match, user = request.resolver_match, getattr(request, "_cached_user", None)
    facts = {
        "method": request.method if request.method in KNOWN_METHODS else "other",
        "route": match.view_name if match else "",
        "status": status,
        "milliseconds": round((time.monotonic() - began) * 1000),
        "user": getattr(user, "pk", None),
    }
    logger.info(
        "%(method)s %(route)s %(status)s in %(milliseconds)s ms for user %(user)s",
        facts,
        extra={"facts": facts},
    )


KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


class AddRequestId(logging.Filter):
    """Django logs a refusal once the response has left the middleware: its record holds the request instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        own = getattr(getattr(record, "request", None), "request_id", "")
        record.request_id = own or get_request_id()
        return True


def get_request_id() -> str:
    return _current.get() or "-"


def note_enqueued(sender: object, task_result: TaskResult[object], **kwargs: object) -> None:
    logger.info("Asked for job %s (%s)", task_result.id, task_result.task.module_path)


def begin_job(sender: object, task_result: TaskResult[object], **kwargs: object) -> None:
    """Where jobs run at once, inside a request, they stay under its id."""
    if not _current.get():
        _current.set(_get_job_id(task_result))


def end_job(sender: object, task_result: TaskResult[object], **kwargs: object) -> None:
    if _current.get() == _get_job_id(task_result):
        _current.set("")


def _get_job_id(task_result: TaskResult[object]) -> str:
    return f"job-{task_result.id}"


def connect() -> None:
    task_enqueued.connect(note_enqueued, dispatch_uid="s11.request_ids")
    task_started.connect(begin_job, dispatch_uid="s11.request_ids")
    task_finished.connect(end_job, dispatch_uid="s11.request_ids")
