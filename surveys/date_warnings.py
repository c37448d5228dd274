"""What is unwise about a cycle's dates: said before it is planned, and nobody's hands are tied by it.

Pure: dates in, sentences out.
"""

from __future__ import annotations

import datetime
from typing import Final

from surveys.working_days import get_working_day_from, get_working_day_until, is_working_day

FEWEST_WEEKS: Final = 6


def say_day(day: datetime.date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def get_date_warnings(opens_on: datetime.date, closes_on: datetime.date) -> list[str]:
    """A sentence for each: what is so, and which day would be better."""
    warnings = []
    if not is_working_day(opens_on):
        better = say_day(get_working_day_from(opens_on))
        warnings.append(f"The opening day, {say_day(opens_on)}, is no working day. The next one is {better}.")
    if not is_working_day(closes_on):
        better = say_day(get_working_day_until(closes_on))
        warnings.append(
            f"The closing day, {say_day(closes_on)}, is no working day. The last one before it is {better}."
        )
    if closes_on < opens_on + datetime.timedelta(weeks=FEWEST_WEEKS):
        enough = say_day(get_working_day_from(opens_on + datetime.timedelta(weeks=FEWEST_WEEKS)))
        warnings.append(
            f"Agencies would have fewer than {FEWEST_WEEKS} weeks. {FEWEST_WEEKS} weeks would end on {enough}."
        )
    return warnings
