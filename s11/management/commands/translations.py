"""manage.py translations cy: what has no translation, and what is left over; --add writes what is new into the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.translating import BANKS, Text, list_bank_texts, list_texts
from s11.web.po_files import make_catalogue, read_entries


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", help="its code, such as cy")
        parser.add_argument("--bank", choices=BANKS, help="a question bank instead of the pages")
        parser.add_argument("--add", action="store_true", help="write what is new into the file")

    def handle(self, *, language: str, bank: str | None, add: bool, **options: Any) -> None:
        path = (
            settings.BANK_TRANSLATIONS / f"{bank}.{language}.po"
            if bank
            else settings.TRANSLATIONS / f"{language}.po"
        )
        if not path.exists():
            raise CommandError(f"{path} is not there: make it with a header, as docs/translating.md says.")
        texts = list_bank_texts(bank) if bank else list_texts()
        entries = read_entries(path.read_text(encoding="utf-8"), path.name)
        # Says where a plural lacks a form.
        make_catalogue(entries, path.name)
        known = {entry.text for entry in entries}
        done = {entry.text for entry in entries if entry.is_translated}
        for text in (one for one in texts.values() if one.one not in done):
            self.stdout.write(f"not translated ({text.place}): {text.one}")
        for left in sorted(known - set(texts) - {""}):
            self.stdout.write(f"nobody says this any more: {left}")
        new = [text for text in texts.values() if text.one not in known]
        if add and new:
            write_new(path, new)
        self.stdout.write(f"{len(done & set(texts))} of {len(texts)} texts are translated.")


def write_new(path: Path, texts: list[Text]) -> None:
    """At the end, so that nothing that somebody wrote is touched."""
    with path.open("a", encoding="utf-8") as file:
        for text in texts:
            file.write(f"\n#. {text.place}\nmsgid {quote(text.one)}\n")
            file.write(f'msgid_plural {quote(text.many)}\nmsgstr[0] ""\n' if text.many else 'msgstr ""\n')


def quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
