"""`manage.py draw_data_map`: renew docs/data-map.md after a change to what an app declares in its data_map."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from s11.privacy.data_map_page import write_page


class Command(BaseCommand):
    help = "Writes the map of what is held about people to docs/data-map.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "data-map.md"
        path.write_text(write_page(), encoding="utf-8")
        self.stdout.write(f"{path.name} holds the map.")
