"""What the server's log says of refusals: one line each, and no less of what went wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

import pytest
from django.test import Client

from s11.organisations.models import User
from tests.conftest import Cast


@pytest.mark.parametrize(("path", "status"), [("/p/harbour/desk/settings/", 403), ("/p/nowhere/", 404)])
def test_a_refusal_is_one_line(
    cast: Cast, sign_in: Callable[[User], Client], log: io.StringIO, path: str, status: int
) -> None:
    assert sign_in(cast.viewer if status == 404 else cast.panel_member).get(path).status_code == status
    # Beside the line that every visit has.
    (line,) = [one for one in log.getvalue().splitlines() if "s11.web.request_ids" not in one]
    assert path in line


def test_an_error_keeps_its_traceback(log: io.StringIO) -> None:
    try:
        raise RuntimeError("no fonts")
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: /")
    assert "Traceback" in log.getvalue()
    assert "RuntimeError: no fonts" in log.getvalue()


def test_no_line_is_forged(log: io.StringIO) -> None:
    forged = "INFO django.request GET /nothing/ 200"
    try:
        raise RuntimeError("\n".join(("not a number:", forged, f"\r{forged}")))
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: /\u2028%s", forged)
    at_edge = [line for line in log.getvalue().splitlines() if not line.startswith("    ")]
    assert len(at_edge) == 1
    assert log.getvalue().count(forged) >= 3


def test_django_writes_no_line_a_second_time() -> None:
    assert logging.getLogger("django").handlers == []
