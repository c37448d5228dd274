"""`manage.py demo`: two fictional partnerships to try everything on, and the logins."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from s11.demo import content
from s11.demo.build import build_demo, is_built
from s11.organisations.enums import MembershipRole, OfficerRole


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
                f"Two partnerships and {len(content.ORGANISATIONS) + 1} organisations, all fictional."
            )
        self.write_logins()

    def write_logins(self) -> None:
        officer, _ = content.OFFICER_LOGINS[OfficerRole.QUALITY_OFFICER]
        lead, _ = content.MEMBER_LOGINS[MembershipRole.LEAD]
        self.stdout.write(
            f"\nBegin with {officer}: Meetings on the desk hold this year’s timetable of 25 agencies, and last year’s\n"
            f"minutes, letters and what came of them. {lead} has an audit half done, and its own meeting to read."
        )
        self.stdout.write(f"\nDemonstration logins; the password of each is {content.PASSWORD}\n\n")
        self.write_group(content.OFFICER_LOGINS, "Harbourside")
        self.write_group(content.MEMBER_LOGINS, content.HOME_ORGANISATION)
        email, _, organisation = content.SHARED_LEAD
        self.write_login(email, f"lead, {organisation}: in both partnerships")
        email, _, organisation = content.WELSH_LEAD
        self.write_login(email, f"lead, {organisation}: in Welsh")
        email, _ = content.GROUP_LOGIN
        self.write_login(email, f"lead, {content.GROUP}: sees its sites")
        self.write_group(content.FELLSIDE_OFFICER_LOGINS, "Fellside")
        self.write_group(content.FELLSIDE_MEMBER_LOGINS, content.FELLSIDE_HOME_ORGANISATION)

    def write_group(self, logins: Mapping[Any, tuple[str, str]], where: str) -> None:
        for role, (email, _) in logins.items():
            self.write_login(email, f"{role.label.lower()}, {where}")

    def write_login(self, email: str, what: str) -> None:
        self.stdout.write(f"  {email:<34} {what}")
