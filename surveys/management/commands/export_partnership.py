"""`manage.py export_partnership SLUG --output ZIP`: everything a partnership owns, in open formats."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.organisations.models import Partnership
from s11.web.text import plural
from surveys.exports.partnership import export_partnership


class Command(BaseCommand):
    help = "Writes everything a partnership owns to one zip of open formats, for leaving or for inspection."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="what follows /p/ in its address")
        parser.add_argument(
            "--output", required=True, type=Path, metavar="ZIP", help="a file that is not there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = Partnership.objects.filter(slug=options["slug"]).first()
        if partnership is None:
            raise CommandError(
                f"There is no partnership ‘{options['slug']}’: give the slug that follows /p/ in its address."
            )
        path = Path(options["output"])  # call_command passes it as it was given
        if path.exists():
            raise CommandError(f"{path} exists already: give another name, so that nothing is overwritten.")
        try:
            done = export_partnership(partnership, path)
        except OSError as error:
            raise CommandError(
                f"{path} could not be written ({error.strerror}): choose a folder with room."
            ) from error
        self.stdout.write(
            f"Wrote everything of {partnership} to {path}: {plural(done.rows, 'row')} and {plural(done.files, 'file')}."
        )
