"""The bill of materials stops at a licence that nobody has looked at."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from django.conf import settings

BILL = runpy.run_path(str(Path(settings.BASE_DIR) / ".ci/bill_of_materials.py"))


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True),
        ("MIT License", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("BSD License AND Apache Software License", True),
        ("Python Software Foundation License", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-or-later", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_which_licences_pass(licence: str, is_allowed: bool) -> None:
    parts = re.split(" AND | OR ", licence)
    assert all(BILL["ALLOWED"].fullmatch(part) for part in parts) is is_allowed


def test_the_lock_is_read() -> None:
    found = BILL["PINNED"].findall(
        "django==5.2.1 \\\n    --hash=x\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n"
    )
    assert [(name, version, bool(marker)) for name, version, marker in found] == [
        ("django", "5.2.1", False),
        ("colorama", "0.4.6", True),
    ]
