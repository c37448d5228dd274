"""Errors to a collector that speaks Sentry's protocol, where `ERRORS_DSN` is set: where in the code, nothing of whom.

An event is made anew of what may leave, so that a newer release of the library sends no more. What an exception said
may hold a name or an answer: the log has it, under the same request id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sentry_sdk

from s11.web.request_ids import get_request_id

# Of an event, of an exception and of a line of its stack: what tells of the code alone.
OF_EVENT: Final = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
OF_EXCEPTION: Final = ("type", "module", "mechanism")
OF_FRAME: Final = ("filename", "module", "function", "lineno", "in_app")
OPTIONS: Final[dict[str, Any]] = {
    "include_local_variables": False,
    "max_request_body_size": "never",
    "max_breadcrumbs": 0,
    "traces_sample_rate": None,
    "auto_session_tracking": False,
    "server_name": "s11",
}


def begin(dsn: str) -> None:
    sentry_sdk.init(dsn=dsn, before_send=scrub, **OPTIONS)  # type: ignore[arg-type]  # events are mappings to us


def scrub(event: Mapping[str, Any], hint: Mapping[str, Any]) -> dict[str, Any]:
    kept = _pick(event, OF_EVENT)
    kept["tags"] = {"request_id": get_request_id()}
    # The name of the address, such as surveys:audit_standard; an address itself may be a key.
    route = event.get("transaction", "")
    kept["transaction"] = route if "/" not in route else ""
    if method := event.get("request", {}).get("method"):
        kept["request"] = {"method": method}
    values = event.get("exception", {}).get("values", [])
    kept["exception"] = {"values": [_scrub_exception(one) for one in values]}
    if said := event.get("logentry"):
        # As it is written in the code, without what was filled in.
        kept["logentry"] = {"message": said.get("message", "") if said.get("params") else ""}
    return kept


def _scrub_exception(one: Mapping[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames", [])
    kept = _pick(one, OF_EXCEPTION)
    kept["mechanism"] = _pick(kept.get("mechanism") or {}, ("type", "handled"))
    return kept | {"stacktrace": {"frames": [_pick(frame, OF_FRAME) for frame in frames]}}


def _pick(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}
