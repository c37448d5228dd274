"""What retention does by the clock."""

from typing import Final

from s11.retention.destroying import queue_lost
from surveys.tick import Job

JOBS: Final[tuple[Job, ...]] = (("destruction lists that a dead worker left", queue_lost),)
