"""For somebody who has lost their phone and their recovery codes, and whom no administrator can help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.organisations.models import User
from s11.organisations.workflow.second_factors import reset_second_factor
from s11.web.errors import NotInThisState


class Command(BaseCommand):
    help = "Remove a person's second step of signing in, and sign them out. They and the administrators get an e-mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            raise CommandError(f"Nobody has an account with {email}. Check the address.")
        try:
            reset_second_factor(user=user, by=None)
        except NotInThisState as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:  # every mail server's refusal is one; mail goes out when all is saved
            raise CommandError(
                f"It is reset, but an e-mail was not sent ({error}): tell {user.email}."
            ) from error
        self.stdout.write(
            f"{user.email} signs in with the password alone now, and sets up a second step if an officer."
        )
