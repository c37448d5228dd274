"""What must not stand in a log: keys, and tracebacks of what is no error."""

import logging
import re

from django.core.exceptions import PermissionDenied
from django.http import Http404

# Such an address is itself the key: whoever reads it in a log could open it. The last is a data feed’s token, wherever
# somebody has put it.
TOKEN = re.compile(r"(/t/|/password/reset/key/|s11f_)[^/\s'\"?]+")


class HideTokens(logging.Filter):
    """Writes … in place of the key, whichever part of the record holds it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = TOKEN.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True


class OneLineOfRefusals(logging.Filter):
    """An ordinary 403 or 404 is one line: where it was raised concerns nobody, and would bury what does."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied | Http404):
            record.exc_info = record.exc_text = None
        return True
