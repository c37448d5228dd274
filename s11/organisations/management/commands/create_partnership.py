"""`create_partnership NAME --slug SLUG --administrator EMAIL`: the first step outside development."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from s11.organisations.models import Partnership, User
from s11.organisations.workflow import create_partnership

OPTIONS = {
    "name": ("NAME", "write a name of at most 200 characters"),
    "slug": ("--slug", "use at most 60 letters, digits and hyphens, such as harbour"),
    "email": ("--administrator", "write an address such as officer@example.org"),
}


class Command(BaseCommand):
    help = "Make a partnership. Its administrator gets a mail with a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--slug", required=True, help="its short name in addresses: /p/SLUG/")
        parser.add_argument("--administrator", required=True, metavar="EMAIL")

    def handle(self, *args: Any, name: str, slug: str, administrator: str, **options: Any) -> None:
        name = name.strip()
        email = User.objects.normalize_email(administrator)
        check(Partnership(name=name, slug=slug), "name", "slug")
        check(User(email=email), "email")
        if Partnership.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a partnership ‘{slug}’ already: choose another --slug.")
        try:
            create_partnership(name=name, slug=slug, administrator=email)
        except OSError as error:  # every mail server's refusal is one; mail goes out when all is saved
            raise CommandError(
                f"{name} was made, but the mail to {email} was not sent ({error}): put EMAIL_URL right; "
                "the administrator can then ask for a link where people sign in."
            ) from error
        self.stdout.write(
            f"{name} is at /p/{slug}/. A mail with a link to set a password has gone to {email}."
        )


def check(instance: Partnership | User, *fields: str) -> None:
    """By the model's own rules for these fields, their lengths included."""
    others = {field.name for field in instance._meta.fields} - set(fields)
    try:
        instance.clean_fields(exclude=others)
    except ValidationError as error:
        field = next(iter(error.message_dict))
        option, right = OPTIONS[field]
        raise CommandError(f"{option} is ‘{getattr(instance, field)}’: {right}.") from error
    if not all(character.isprintable() for field in fields for character in getattr(instance, field)):
        raise CommandError("NAME has a line break or another character that cannot be printed: remove it.")
