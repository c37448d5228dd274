"""`load_questionnaires [FOLDER] [--partnership SLUG]`: check question banks and load them."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s11.organisations.models import Partnership
from surveys.question_banks import load_folder
from surveys.questionnaire_files import SHIPPED, QuestionnaireError


class Command(BaseCommand):
    help = (
        "Check the question banks of a folder and load them; without a folder, the shipped ones. "
        "A bank in use becomes the next revision; a second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED, metavar="FOLDER")
        parser.add_argument(
            "--partnership", default="", metavar="SLUG", help="load them as this partnership's own banks"
        )

    def handle(self, *args: Any, folder: Path, partnership: str, **options: Any) -> None:
        owner = None
        if partnership:
            owner = Partnership.objects.filter(slug=partnership).first()
            if owner is None:
                raise CommandError(
                    f"There is no partnership ‘{partnership}’: make it first with create_partnership, "
                    "or check its slug in the address of its pages."
                )
        try:
            report = load_folder(folder, partnership=owner)
        except QuestionnaireError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(str(report))
