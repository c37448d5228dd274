"""How allauth fits: nobody signs up by themselves, and links in its mails are absolute."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by an invitation or an import."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
