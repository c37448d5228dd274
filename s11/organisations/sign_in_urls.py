"""Which of allauth's pages we serve: signing in and out, and one's own password.

Not its pages for addresses: the e-mail address is the login and what an invitation is matched by, so it must be one
that a link was sent to. Whoever gets a new address is invited again under it.
"""

from allauth.account import urls as allauth_urls

SERVED = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that accounts come by invitation; allauth's own pages link to it
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
urlpatterns = [pattern for pattern in allauth_urls.urlpatterns if pattern.name in SERVED]
