"""Passwords that somebody who guesses tries first: the bundled list of common ones, also dressed up."""

from __future__ import annotations

import itertools
import re
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

FEWEST_CHARACTERS: Final = 5  # different ones: ‘aaaaaaaaaaaa’ is long, and no password
AROUND: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
REPEATED: Final = re.compile(r"^(.+?)\1*$", re.DOTALL)


class GuessedFirstValidator(CommonPasswordValidator):
    """Length is what counts, and no kind of character is asked for: that only makes ‘Password123456!’ of ‘password’."""

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower().strip()
        tried = {plain, get_core(plain)}
        if (
            any(one in self.passwords for one in tried)
            or len(set(plain)) < FEWEST_CHARACTERS
            or is_run(plain)
        ):
            raise ValidationError(
                "This is one of the first passwords that somebody would try. "
                "Three words that do not belong together are a good one",
                code="password_too_common",
            )


def get_core(plain: str) -> str:
    """What is left without digits and signs around it, and once instead of several times."""
    match = REPEATED.match(AROUND.sub("", plain))
    return match.group(1) if match else ""


def is_run(plain: str) -> bool:
    """‘abcdefghijkl’, ‘123456789012’, ‘987654321098’: from each character to the next the same step."""
    around = 10 if plain.isdigit() else 1 << 21
    steps = {(ord(after) - ord(before)) % around for before, after in itertools.pairwise(plain)}
    return len(steps) <= 1
