"""What the documentation says is held against what the project does."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from s11.management.commands import draw_feed as feed
from s11.management.commands.draw_states import replace_block

ROOT = Path(settings.BASE_DIR)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_state_diagrams_are_as_the_tables() -> None:
    page = read("docs/architecture.md")
    assert "submit_audit" in page
    assert replace_block(page) == page, "run `manage.py draw_states`"


def test_the_tables_of_the_data_feed_are_as_the_code() -> None:
    page = read("docs/feed.md")
    assert "### pipeline" in page
    assert feed.replace_block(page) == page, "run `manage.py draw_feed`"


def test_every_setting_is_listed_and_no_other() -> None:
    used = set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']""", read("s11/settings.py")))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/settings.md"), re.MULTILINE))
    assert used
    assert used - {"DATABASE_URL"} == listed - {"DATABASE_URL"}
    assert "DATABASE_URL" in listed


def test_commands_named_in_the_readme_exist() -> None:
    named = set(re.findall(r"manage\.py (\w+)", read("README.md")))
    assert {"load_questionnaires", "import_organisations", "import_answers", "overview"} <= named
    assert named <= set(get_commands())


def test_make_targets_named_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)", read("README.md"), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    broken = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if not link.startswith(("http", "mailto:")) and not (page.parent / link).exists()
    ]
    assert not broken
