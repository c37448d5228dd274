"""Addresses of people, organisations and a partnership's own settings and texts."""

from django.urls import path

from s11.organisations.views import (
    access_checks,
    contacts,
    desk_people,
    feed_tokens,
    groups,
    hand_over,
    invitations,
    mail_domains,
    officers,
    organisations,
    own_sessions,
    people,
    public,
    registers,
    removals,
    second_factor_resets,
    taking_part,
)

app_name = "organisations"

PUBLIC = "p/<slug:partnership>/"
DESK = "p/<slug:partnership>/desk/"
ORGANISATION = f"{DESK}organisations/<slug:organisation>/"
GROUP = "home/groups/<slug:group>/"
AGENCY = "p/<slug:partnership>/o/<slug:organisation>/"

urlpatterns = [
    path("t/<str:token>/join/", invitations.join, name="join"),
    path("home/invitations/<int:invitation>/", invitations.invitation, name="invitation"),
    path("home/details/", people.own_details, name="own_details"),
    path("home/details/signed-in/", own_sessions.own_sessions, name="own_sessions"),
    path("home/details/signed-in/others/end/", own_sessions.own_sessions_end, name="own_sessions_end"),
    path("home/details/signed-in/<slug:handle>/end/", own_sessions.own_session_end, name="own_session_end"),
    path("home/details/feeds/", feed_tokens.feed_tokens, name="feed_tokens"),
    path("home/details/feeds/add/", feed_tokens.feed_token_add, name="feed_token_add"),
    path("home/details/feeds/<int:token>/end/", feed_tokens.feed_token_end, name="feed_token_end"),
    # Everybody
    path(f"{PUBLIC}colour.css", public.colour, name="colour"),
    path(f"{PUBLIC}accessibility/", public.accessibility_of, name="accessibility_of"),
    path(f"{PUBLIC}privacy/", public.privacy_of, name="privacy_of"),
    path(f"{PUBLIC}cookies/", public.cookies_of, name="cookies_of"),
    path(f"{PUBLIC}contact/", public.contact_of, name="contact_of"),
    # Asking to take part
    path(f"{PUBLIC}take-part/", taking_part.take_part, name="take_part"),
    path(f"{PUBLIC}take-part/sent/", taking_part.take_part_sent, name="take_part_sent"),
    path(f"{PUBLIC}take-part/<slug:step>/", taking_part.take_part_step, name="take_part_step"),
    path("t/<str:token>/take-part/", taking_part.verify, name="verify_application"),
    # What was removed, to be put back
    path(f"{DESK}removed/", removals.removed, name="removed"),
    path(f"{DESK}removed/<int:removal>/put-back/", removals.put_back, name="put_back"),
    path(f"{AGENCY}removed/", removals.agency_removed, name="agency_removed"),
    path(f"{AGENCY}removed/<int:removal>/put-back/", removals.agency_put_back, name="agency_put_back"),
    # An organisation's own people
    path(f"{AGENCY}people/", people.members, name="members"),
    path(f"{AGENCY}people/check/", access_checks.access_check, name="access_check"),
    path(f"{AGENCY}people/check/<int:access_check>/", access_checks.access_checked, name="access_checked"),
    path(
        f"{AGENCY}people/check/<int:access_check>/take-back/",
        access_checks.access_take_back,
        name="access_take_back",
    ),
    path(f"{AGENCY}people/hand-over/", hand_over.hand_over, name="hand_over"),
    path(f"{AGENCY}people/invite/", people.invite_member, name="invite_member"),
    path(f"{AGENCY}people/<int:person>/roles/", people.member_roles, name="member_roles"),
    path(f"{AGENCY}people/<int:person>/end/", people.end_member, name="end_member"),
    path(
        f"{AGENCY}people/requests/<int:membership>/accept/",
        people.accept_member,
        name="accept_member",
    ),
    path(
        f"{AGENCY}people/requests/<int:membership>/refuse/",
        people.refuse_member,
        name="refuse_member",
    ),
    path(
        f"{AGENCY}people/invitations/<int:invitation>/send/",
        people.send_member_invitation,
        name="send_member_invitation",
    ),
    path(
        f"{AGENCY}people/invitations/<int:invitation>/revoke/",
        people.revoke_member_invitation,
        name="revoke_member_invitation",
    ),
    path(f"{AGENCY}people/groups/offer/", groups.offer_group, name="offer_group"),
    path(f"{AGENCY}people/groups/<int:access>/accept/", groups.accept_group, name="accept_group"),
    path(f"{AGENCY}people/groups/<int:access>/decline/", groups.decline_group, name="decline_group"),
    path(f"{AGENCY}people/groups/<int:access>/end/", groups.end_group, name="end_group"),
    path(f"{AGENCY}details/", people.details, name="details"),
    # A group's sites
    path(f"{GROUP}access/", groups.group_access, name="group_access"),
    path(f"{GROUP}access/ask/<slug:site>/", groups.ask_site, name="ask_site"),
    path(f"{GROUP}access/<int:access>/accept/", groups.accept_site, name="accept_site"),
    path(f"{GROUP}access/<int:access>/decline/", groups.decline_site, name="decline_site"),
    path(f"{GROUP}access/<int:access>/end/", groups.end_site, name="end_site"),
    # The desk's organisations
    path(f"{DESK}organisations/", organisations.organisations, name="organisations"),
    path(f"{DESK}organisations/add/", organisations.add_organisation, name="add_organisation"),
    path(f"{DESK}organisations/registers/", registers.registers, name="registers"),
    path(f"{DESK}organisations/registers/<int:load>/", registers.register_load, name="register_load"),
    path(
        f"{DESK}organisations/registers/<int:load>/columns/",
        registers.register_columns,
        name="register_columns",
    ),
    path(f"{DESK}organisations/registers/<int:load>/discard/", registers.discard_load, name="discard_load"),
    path(f"{DESK}organisations/registers/<int:load>/again/", registers.retry_load, name="retry_load"),
    path(ORGANISATION, organisations.organisation, name="organisation"),
    path(f"{ORGANISATION}contacts/add/", contacts.contact_add, name="contact_add"),
    path(f"{ORGANISATION}contacts/<int:contact>/", contacts.contact_change, name="contact_change"),
    path(f"{ORGANISATION}contacts/<int:contact>/end/", contacts.contact_end, name="contact_end"),
    path(f"{ORGANISATION}facts/", organisations.local_facts, name="local_facts"),
    path(f"{ORGANISATION}group/", organisations.add_group, name="add_group"),
    path(f"{ORGANISATION}identifiers/", organisations.identifiers, name="identifiers"),
    path(f"{ORGANISATION}mail-domains/", mail_domains.mail_domains, name="mail_domains"),
    path(
        f"{ORGANISATION}mail-domains/<int:mail_domain>/withdraw/",
        mail_domains.withdraw_mail_domain,
        name="withdraw_mail_domain",
    ),
    path(f"{ORGANISATION}invite/", desk_people.invite_to_organisation, name="invite_to_organisation"),
    path(f"{ORGANISATION}requests/<int:membership>/approve/", desk_people.approve, name="approve"),
    path(f"{ORGANISATION}requests/<int:membership>/refuse/", desk_people.refuse, name="refuse"),
    path(f"{ORGANISATION}leads/<int:membership>/end/", desk_people.end_lead, name="end_lead"),
    path(
        f"{ORGANISATION}invitations/<int:invitation>/send/",
        desk_people.send_organisation_invitation,
        name="send_organisation_invitation",
    ),
    path(
        f"{ORGANISATION}invitations/<int:invitation>/revoke/",
        desk_people.revoke_organisation_invitation,
        name="revoke_organisation_invitation",
    ),
    # The desk's own people and settings
    path(f"{DESK}people/", officers.officers, name="officers"),
    path(f"{DESK}people/check/", access_checks.officer_check, name="officer_check"),
    path(f"{DESK}people/check/<int:access_check>/", access_checks.officers_checked, name="officers_checked"),
    path(
        f"{DESK}people/check/<int:access_check>/take-back/",
        access_checks.officer_check_take_back,
        name="officer_check_take_back",
    ),
    path(f"{DESK}people/feeds/", feed_tokens.desk_feed_tokens, name="desk_feed_tokens"),
    path(f"{DESK}people/feeds/<int:token>/end/", feed_tokens.desk_feed_token_end, name="desk_feed_token_end"),
    path(f"{DESK}people/invite/", officers.invite_officer, name="invite_officer"),
    path(f"{DESK}people/<int:officer>/end/", officers.end_officer, name="end_officer"),
    path(
        f"{DESK}people/<int:person>/second-step/",
        second_factor_resets.reset_second_factor,
        name="reset_second_factor",
    ),
    path(
        f"{DESK}people/invitations/<int:invitation>/send/",
        officers.send_officer_invitation,
        name="send_officer_invitation",
    ),
    path(
        f"{DESK}people/invitations/<int:invitation>/revoke/",
        officers.revoke_officer_invitation,
        name="revoke_officer_invitation",
    ),
    path(f"{DESK}settings/", officers.settings, name="settings"),
]
