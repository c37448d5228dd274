"""One management command in this process; its last line is what it took, as JSON."""

from __future__ import annotations

import io
import json
import resource
import sys
import time

import django
from django.core.management import call_command, load_command_class


def get_peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Watch:
    """Begins when it is made."""

    def __init__(self) -> None:
        self.idle, self.begin, self.worked = get_peak(), time.perf_counter(), time.process_time()

    def tell(self) -> None:
        taken = {"seconds": time.perf_counter() - self.begin, "processor": time.process_time() - self.worked}
        print(json.dumps(taken | {"idle": self.idle, "over_idle": get_peak() - self.idle}))


def main(name: str, *arguments: str) -> None:
    django.setup()
    from django.core.management import get_commands  # noqa: PLC0415  settings are needed first

    # Loaded before it is measured: what its modules weigh is part of the idle process.
    command = load_command_class(str(get_commands()[name]), name)
    watch = Watch()
    call_command(command, *arguments, stdout=io.StringIO())
    watch.tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
