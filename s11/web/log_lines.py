"""How a record becomes a line of the log: for people to read, or JSON for what collects logs. Neither tells an e-mail
address, not even one that stands in an exception's message.
"""

from __future__ import annotations

import datetime
import json
import logging
import re

from s11.web.log_filters import TOKEN

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def hide(text: str) -> str:
    """Also of tracebacks, which no filter sees."""
    return EMAIL.sub("…@…", TOKEN.sub(r"\1…", text))


class Line(logging.Formatter):
    """A line of its own begins at the edge; whatever follows in the same record, such as a traceback, is set in.

    So no text that somebody sent, which an exception repeats, can look like a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(hide(super().format(record)).splitlines())


class JsonLine(logging.Formatter):
    """One object a record."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hide(record.getMessage()),
            "request_id": getattr(record, "request_id", "-"),
        }
        line |= getattr(record, "facts", {})
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["traceback"] = hide(record.exc_text)
        return json.dumps(line, ensure_ascii=False)
