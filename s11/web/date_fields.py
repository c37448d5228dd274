"""A date asked for as day, month and year: people type a date they know faster than they pick it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError

from s11.web.languages import say

Part = Literal["day", "month", "year"]
PARTS: tuple[Part, ...] = ("day", "month", "year")
MONTHS = {f"{dt.date(2000, number, 1):%B}".lower(): number for number in range(1, 13)}


class DateInputs(forms.MultiWidget):
    """Three inputs named NAME_day, NAME_month and NAME_year."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [value.day, value.month, value.year] if isinstance(value, dt.date) else ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return [str(data.get(f"{name}_{part}", "")).strip() for part in PARTS]


class DatePartsField(forms.DateField):
    """A `DateField` in three parts; a model form takes it by `field_classes`."""

    widget = DateInputs

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, list):
            return super().to_python(value)
        if not any(value):
            return None
        entered = dict(zip(PARTS, value, strict=True))
        if missing := [part for part in PARTS if not entered[part]]:
            raise self.error(
                say("must include a {parts}", parts=say(" and a ").join(say(part) for part in missing)),
                missing,
            )
        numbers = {part: number_of(part, entered[part]) for part in PARTS}
        if wrong := [part for part in PARTS if numbers[part] is None]:
            raise self.error(say("must be a real date"), wrong)
        try:
            return dt.date(**{part: number for part, number in numbers.items() if number is not None})
        except ValueError:
            raise self.error(say("must be a real date"), ["day"]) from None

    def error(self, sentence: str, wrong: list[Part]) -> ValidationError:
        return ValidationError(
            say("{label} {problem}", label=self.label or say("The date"), problem=sentence),
            code="date_parts",
            params={"wrong": wrong},
        )


def number_of(part: Part, entered: str) -> int | None:
    """What was typed as a number that this part can be; a month may be a word (‘Mar’, ‘March’)."""
    if part == "month" and len(entered) >= 3:
        for name, number in MONTHS.items():
            if name.startswith(entered.lower()):
                return number
    if not (entered.isascii() and entered.isdigit()):
        return None
    number = int(entered[:6])
    low, high = {"day": (1, 31), "month": (1, 12), "year": (1900, 2200)}[part]
    return number if low <= number <= high else None


def wrong_parts(bound: forms.BoundField) -> list[Part]:
    """Which of the three inputs to mark: those that are wrong, or all where the date as a whole is."""
    for error in bound.errors.as_data():
        if error.code == "date_parts":
            return list((error.params or {})["wrong"])
    return list(PARTS) if bound.errors else []
