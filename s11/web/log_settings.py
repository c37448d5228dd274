"""How Django's logging is set up; the settings read it."""

from __future__ import annotations

from typing import Any


def make_logging(log_format: str, level: str) -> dict[str, Any]:
    """Everything to standard error, as lines for people or as JSON; keys and e-mail addresses are masked in both."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "s11.web.log_lines.Line",
                "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            },
            "json": {"()": "s11.web.log_lines.JsonLine"},
        },
        "filters": {
            "add_request_id": {"()": "s11.web.request_ids.AddRequestId"},
            "hide_tokens": {"()": "s11.web.log_filters.HideTokens"},
            "one_line_of_refusals": {"()": "s11.web.log_filters.OneLineOfRefusals"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": log_format,
                "filters": ["add_request_id", "hide_tokens", "one_line_of_refusals"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives it a handler of its own, which would write every line of the root's once more.
            "django": {"handlers": []},
            # It would log a line for each page of each document.
            "weasyprint.progress": {"level": "WARNING"},
        },
    }
