"""Which of allauth's pages we serve: signing in and out, one's own password, the second step, the account at work.

Not its pages for addresses: the e-mail address is the login and what an invitation is matched by, so it must be one
that a link was sent to. Whoever gets a new address is invited again under it. Not its pages for connecting accounts
either: an account at work is matched by its address, each time.
"""

from allauth.account import urls as allauth_urls
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.urls import path

from s11.organisations.views import own_sessions, second_factors, signing_in

SERVED = {
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
STEP = "second-step/"
PASSKEY = f"{STEP}passkeys/<int:pk>/"

urlpatterns = [
    path("login/", signing_in.SignIn.as_view(), name="account_login"),
    *(pattern for pattern in allauth_urls.urlpatterns if pattern.name in SERVED),
    # For the page that warns before a session ends
    path("session/", own_sessions.own_session_left, name="account_session_left"),
    path("session/stay/", own_sessions.own_session_stay, name="account_session_stay"),
    path(STEP, second_factors.second_step, name="mfa_index"),
    path(f"{STEP}enter/", mfa.authenticate, name="mfa_authenticate"),
    path(f"{STEP}again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(f"{STEP}again/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(f"{STEP}app/", second_factors.ActivateApp.as_view(), name="mfa_activate_totp"),
    path(f"{STEP}app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{STEP}passkeys/add/", second_factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(f"{STEP}passkeys/sign-in/", second_factors.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path(f"{PASSKEY}name/", second_factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path(f"{PASSKEY}remove/", second_factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path(f"{STEP}codes/", second_factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(f"{STEP}codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(f"{STEP}codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("oidc/<slug:provider_id>/login/", signing_in.go_to_work, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/", signing_in.come_from_work, name="openid_connect_callback"
    ),
    path("oidc/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
]
