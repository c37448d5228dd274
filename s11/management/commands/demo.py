"""`manage.py demo`: two fictional partnerships to try everything on, and the logins."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from s11.demo import content
from s11.demo.build import build_demo, is_built


class Command(BaseCommand):
    help = "Fills the database with two fictional partnerships and prints the logins. Only with DEBUG=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demonstration has logins that everybody knows, so it runs only with DEBUG=1. "
                "Use create_partnership for a real partnership."
            )
        if is_built():
            self.stdout.write("The demonstration is there already; nothing was changed.")
        else:
            call_command("load_questionnaires", stdout=self.stdout)
            build_demo(timezone.localdate())
            self.stdout.write(
                f"Two partnerships and {len(content.ORGANISATIONS)} organisations, all fictional."
            )
        self.write_logins()

    def write_logins(self) -> None:
        self.stdout.write(f"\nDemonstration logins; the password of each is {content.PASSWORD}\n\n")
        for role, (email, _) in content.OFFICER_LOGINS.items():
            self.write_login(email, f"{role.label.lower()}, Harbourside")
        for member_role, (email, _) in content.MEMBER_LOGINS.items():
            self.write_login(email, f"{member_role.label.lower()}, {content.HOME_ORGANISATION}")
        email, _, organisation = content.SHARED_LEAD
        self.write_login(email, f"lead, {organisation}: in both partnerships")
        self.write_login(content.FELLSIDE_ADMINISTRATOR[0], "administrator, Fellside")

    def write_login(self, email: str, what: str) -> None:
        self.stdout.write(f"  {email:<34} {what}")
