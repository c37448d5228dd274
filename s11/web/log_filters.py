"""What must not stand in a log."""

import logging
import re

# Such an address is itself the key: whoever reads it in a log could open it.
TOKEN = re.compile(r"(/t/|/password/reset/key/)[^/\s'\"?]+")


class HideTokens(logging.Filter):
    """Writes … in place of the key, whichever part of the record holds it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = TOKEN.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
