"""What practitioner surveys can ask, as a file: read and checked as the question banks beside it are.

Pure: no Django, no database. Whether a bank has the indicators that the statements are set beside is asked where a
survey is switched on, for a partnership's own bank may have other ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from surveys.questionnaire_checks import check_unique
from surveys.questionnaire_files import (
    CODE,
    KEY,
    PRACTITIONERS_FILE,
    SHIPPED,
    VARIANTS,
    made,
    read_checked,
)
from surveys.yaml_nodes import list_of, record, text

# One line on a phone is some forty characters: what is longer is not read.
TEXT_LENGTH: Final = 200


@dataclass(frozen=True, kw_only=True)
class StatementFile:
    """One statement; `indicators` holds the key of the indicator that it is set beside, by variant."""

    code: str
    text: str
    indicators: dict[str, str]


_STATEMENT: Final = {
    "code": CODE,
    "text": text(longest=TEXT_LENGTH),
    "indicators": record("a set of variants", dict, dict.fromkeys(VARIANTS, KEY), optional=VARIANTS),
}


def read_statements(path: Path = SHIPPED / PRACTITIONERS_FILE) -> tuple[StatementFile, ...]:
    """In the order of the file; raises QuestionnaireError with everything that is wrong."""
    reader = list_of(made("a statement", StatementFile, _STATEMENT))
    statements: tuple[StatementFile, ...] = read_checked(path, reader, check_unique)
    return statements
