"""`manage.py draw_states`: renew the state diagrams in docs/architecture.md after a change to enums.py."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from s11.state_diagrams import draw_all

BEGIN = "<!-- drawn by manage.py draw_states -->"
END = "<!-- end -->"


def replace_block(page: str) -> str:
    """The page with its diagrams as the tables have them now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{draw_all()}\n\n{END}{after}"


class Command(BaseCommand):
    help = "Draws the tables of allowed moves into docs/architecture.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "architecture.md"
        path.write_text(replace_block(path.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(f"{path.name} holds the diagrams.")
