"""For repair by an operator, not for daily work: people, roles and organisations as they stand in the tables.

What is kept as history is read here and not written; no password and no invitation's secret is shown.
"""

from __future__ import annotations

from importlib import import_module

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from s11.organisations.forms.fields import AddressField
from s11.organisations.forms.partnerships import SettingsForm
from s11.organisations.models import (
    Application,
    Contact,
    FeedToken,
    GroupAccess,
    Invitation,
    MailDomain,
    Membership,
    MembershipApproval,
    Officer,
    Organisation,
    Participation,
    Partnership,
    User,
)
from s11.organisations.second_factor_emails import send_address_changed
from s11.organisations.second_factor_permissions import check_can_repair
from s11.organisations.workflow.feed_tokens import end_feed_tokens
from s11.organisations.workflow.second_factors import reset_second_factor
from s11.organisations.workflow.sessions import end_sessions
from s11.web.errors import NotAllowed, NotInThisState

# Secrets of signing in are nobody’s to read; a second factor is reset by an action of `UserAdmin`, which tells people.
# They are imported first: Django would do so after this module, and nothing could be taken off yet.
for app in ("account", "mfa", "socialaccount"):
    import_module(f"allauth.{app}.admin")
for secret in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(secret)

# Through allauth's page, with its rate limit and whatever second factor is asked for.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "s11, for repair"


class NothingIsDeleted:
    """Ended, revoked or made inactive instead: figures and the trail look back."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class UserForm(forms.ModelForm[User]):
    email = AddressField()


class ContactRepairForm(forms.ModelForm[Contact]):
    email = AddressField()


@admin.register(User)
class UserAdmin(NothingIsDeleted, admin.ModelAdmin[User]):
    """An address is changed here when somebody proves who they are; a password never: they reset it."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    form = UserForm
    fields = (
        "email",
        "name",
        "is_active",
        "language",
        "deactivated_at",
        "is_staff",
        "is_superuser",
        "date_joined",
        "last_login",
    )
    readonly_fields = ("deactivated_at", "date_joined", "last_login")
    actions = ("reset_second_factors",)

    @admin.action(description="Reset the second step of signing in", permissions=["change"])
    def reset_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Of people who have lost theirs; each is told, and their administrators."""
        assert isinstance(request.user, User)
        for person in queryset:
            try:
                check_can_repair(request.user, person)
                reset_second_factor(user=person, by=request.user)
            except (NotAllowed, NotInThisState) as refused:
                messages.warning(request, str(refused))
            else:
                messages.success(request, f"The second step of {person} is reset.")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # Whoever may repair people must not be able to make themselves all-powerful.
        mighty = () if request.user.is_superuser else ("is_staff", "is_superuser")
        return (*self.readonly_fields, *mighty)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        if "is_active" in form.changed_data:
            obj.deactivated_at = None if obj.is_active else timezone.now()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and "email" in form.changed_data:
                # What was open under the old address may be somebody else's by now.
                end_sessions(obj)
                end_feed_tokens(obj)
                addresses = (str(form.initial["email"]), obj.email)
                transaction.on_commit(lambda: send_address_changed(obj, addresses), robust=True)
            if not obj.is_active:
                end_sessions(obj)
                end_feed_tokens(obj)


@admin.register(Partnership)
class PartnershipAdmin(NothingIsDeleted, admin.ModelAdmin[Partnership]):
    list_display = ("name", "slug", "contact_email")
    search_fields = ("name", "slug")
    # The colour's contrast is checked here too.
    form = SettingsForm
    fields = ("slug", *SettingsForm.Meta.fields)
    readonly_fields = ("slug",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # create_partnership makes one with its administrator


@admin.register(Organisation)
class OrganisationAdmin(NothingIsDeleted, admin.ModelAdmin[Organisation]):
    list_display = ("name", "variant", "urn", "ods_code", "ofsted_number", "closed_on")
    list_filter = ("variant",)
    search_fields = ("name", "slug", "urn", "ods_code", "ofsted_number")
    raw_id_fields = ("parent", "successor")
    readonly_fields = ("slug", "created_at")


@admin.register(Participation)
class ParticipationAdmin(NothingIsDeleted, admin.ModelAdmin[Participation]):
    list_display = ("organisation", "partnership", "local_name", "is_statutory", "is_active")
    list_filter = ("partnership", "is_active")
    list_select_related = ("organisation", "partnership")
    search_fields = ("organisation__name", "local_name")
    raw_id_fields = ("organisation",)


@admin.register(Membership)
class MembershipAdmin(NothingIsDeleted, admin.ModelAdmin[Membership]):
    list_display = ("user", "organisation", "role", "started_at", "ended_at")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__name", "organisation__name")
    raw_id_fields = ("user", "organisation", "ended_by")


@admin.register(Officer)
class OfficerAdmin(NothingIsDeleted, admin.ModelAdmin[Officer]):
    list_display = ("user", "partnership", "role", "started_at", "ended_at")
    list_filter = ("partnership", "role")
    list_select_related = ("user", "partnership")
    search_fields = ("user__email", "user__name")
    raw_id_fields = ("user", "ended_by")


@admin.register(Contact)
class ContactAdmin(NothingIsDeleted, admin.ModelAdmin[Contact]):
    """Made and ended on the desk; here a slip is put right, and a refusal that was none is taken back."""

    list_display = ("name", "kind", "email", "participation", "refused_at", "ended_at")
    list_filter = ("kind", "participation__partnership")
    list_select_related = ("participation__organisation", "participation__partnership")
    search_fields = ("name", "email", "participation__organisation__name")
    form = ContactRepairForm
    fields = (
        "participation",
        "kind",
        "name",
        "job_title",
        "email",
        "telephone",
        "refused_at",
        "created_at",
        "created_by",
        "ended_at",
        "ended_by",
    )
    readonly_fields = ("participation", "created_at", "created_by", "ended_at", "ended_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ReadOnly(NothingIsDeleted):
    """A record of what somebody did: to be read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(MembershipApproval)
class MembershipApprovalAdmin(ReadOnly, admin.ModelAdmin[MembershipApproval]):
    list_display = ("membership", "partnership", "by", "at")
    list_select_related = ("membership__user", "membership__organisation", "partnership", "by")
    search_fields = ("membership__user__email", "membership__organisation__name")


@admin.register(GroupAccess)
class GroupAccessAdmin(ReadOnly, admin.ModelAdmin[GroupAccess]):
    """Given and ended by the two organisations' leads alone."""

    list_display = ("group", "site", "is_offer", "asked_at", "started_at", "ended_at")
    list_select_related = ("group", "site")
    search_fields = ("group__name", "site__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin[Invitation]):
    """Sent again or revoked on the pages: a link can only be made there."""

    list_display = (
        "email",
        "role",
        "organisation",
        "partnership",
        "sent_at",
        "accepted_at",
        "revoked_at",
    )
    list_select_related = ("organisation", "partnership")
    search_fields = ("email", "organisation__name", "partnership__name")
    exclude = ("token_hash",)


@admin.register(FeedToken)
class FeedTokenAdmin(ReadOnly, admin.ModelAdmin[FeedToken]):
    """Ended on the pages, by the person or an administrator; all of somebody's at once by making them inactive."""

    list_display = ("name", "handle", "user", "partnership", "made_at", "expires_on", "last_used_on")
    list_filter = ("partnership",)
    list_select_related = ("user", "partnership")
    search_fields = ("name", "handle", "user__email")
    exclude = ("token_hash",)


@admin.register(Application)
class ApplicationAdmin(ReadOnly, admin.ModelAdmin[Application]):
    """Decided on the desk, once: what follows from it (an organisation, a person) is not made here."""

    list_display = (
        "organisation_name",
        "name",
        "email",
        "partnership",
        "created_at",
        "verified_at",
        "decision",
        "decided_at",
    )
    list_filter = ("partnership", "decision")
    list_select_related = ("partnership",)
    search_fields = ("organisation_name", "name", "email")
    exclude = ("token_hash",)


@admin.register(MailDomain)
class MailDomainAdmin(ReadOnly, admin.ModelAdmin[MailDomain]):
    """Confirmed and withdrawn by officers, who answer for it."""

    list_display = ("domain", "organisation", "confirmed_in", "confirmed_by", "confirmed_at")
    list_filter = ("confirmed_in",)
    list_select_related = ("organisation", "confirmed_in", "confirmed_by")
    search_fields = ("domain", "organisation__name")
