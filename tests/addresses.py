"""Every address of the product, and what each role gets there. `tests/test_every_address.py` walks it.

`who` are those who get the page (or, for a POST, whose act is done); `forbidden` get 403 with its sentence; all other
people who are signed in get 404; anonymous visitors are asked to sign in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

LEAD = frozenset({"lead"})
SIGNATORY = frozenset({"signatory"})
WRITERS = frozenset({"lead", "contributor"})
MEMBERS = frozenset({"lead", "contributor", "signatory", "viewer"})
ADMINISTRATOR = frozenset({"administrator"})
PUBLISHER = frozenset({"publisher"})
ORGANISERS = frozenset({"administrator", "quality_officer"})
READERS = frozenset({"administrator", "quality_officer", "scrutineer"})
OVERVIEW_READERS = READERS | {"publisher"}
MEETING_SEERS = READERS | {"panel_member", "panel_chair"}
CHAIRING = ORGANISERS | {"panel_chair"}
APPROVERS = frozenset({"administrator", "panel_chair"})
RETENTION_READERS = READERS | {"panel_chair"}
AT_MEETING = ORGANISERS | {"panel_member", "panel_chair"}
OFFICERS = frozenset(
    {"administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher"}
)
EVERYBODY = MEMBERS | OFFICERS | {"stranger", "outsider", "nobody"}

PARTNERSHIP = {"partnership": "harbour"}
AGENCY = {**PARTNERSHIP, "organisation": "anchor"}
DRAFT = {**AGENCY, "cycle": "draft"}
SENT = {**AGENCY, "cycle": "sent"}
WAITING = {**AGENCY, "cycle": "waiting"}
NOTED, DRAFTED, AGREED, LETTERED = (
    {"cycle": "after", "organisation": f"{state}-house"} for state in ("noted", "draft", "agreed", "letter")
)
FINAL = {"cycle": "after", "organisation": "anchor"}
MEETING = {"cycle": "fresh", "organisation": "dune"}


@dataclass(frozen=True)
class Address:
    """One address with its arguments; an integer argument given as a text names a row of the test's world."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    who: frozenset[str] = EVERYBODY
    forbidden: frozenset[str] = frozenset()
    is_public: bool = False
    method: str = "get"
    data: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def __str__(self) -> str:
        place = self.arguments.get("cycle") or self.arguments.get("step") or ""
        return f"{self.method} {self.name} {place}".strip()

    def expect(self, person: str) -> int:
        if person in self.who:
            return self.status
        return 403 if person in self.forbidden else 404


def public(*names: str, **arguments: str) -> list[Address]:
    return [Address(name, arguments, is_public=True) for name in names]


def own(*names: str) -> list[Address]:
    """What concerns only oneself, for everybody who is signed in."""
    return [Address(name) for name in names]


def by_token(*names: str, **more: str) -> list[Address]:
    """Nobody is let in, whoever is signed in; tests/organisations/test_feed_access.py lets programs in."""
    return [Address(name, {**PARTNERSHIP, **more}, status=401) for name in names]


def agency(
    *names: str, who: frozenset[str] = MEMBERS, at: Mapping[str, str] = AGENCY, **more: str
) -> list[Address]:
    return [Address(name, {**at, **more}, who=who, forbidden=MEMBERS - who) for name in names]


def group(*names: str, **more: str) -> list[Address]:
    """Anchor Trust's rooms as a group: its leads alone."""
    return [Address(name, {"group": "anchor", **more}, who=LEAD, forbidden=MEMBERS - LEAD) for name in names]


def desk(*names: str, who: frozenset[str] = OFFICERS, **more: str) -> list[Address]:
    return [Address(name, {**PARTNERSHIP, **more}, who=who, forbidden=OFFICERS - who) for name in names]


def posts(addresses: Iterable[Address], **data: str) -> list[Address]:
    """The same addresses by POST, which answers with a redirect."""
    return [
        Address(one.name, one.arguments, one.who, one.forbidden, one.is_public, "post", data, status=302)
        for one in addresses
    ]


ADDRESSES: list[Address] = [
    # Everybody
    *public(
        "front", "health", "ready", "whole", "accessibility", "privacy", "cookies", "contact", "language"
    ),
    *posts(public("language"), language="en"),
    # For a monitor that has the token, which no person has.
    Address("metrics", {}, is_public=True, status=404),
    *public(
        "partnership",
        "organisations:colour",
        "organisations:accessibility_of",
        "organisations:privacy_of",
        "organisations:cookies_of",
        "organisations:contact_of",
        **PARTNERSHIP,
    ),
    Address("surveys:question_bank", {**PARTNERSHIP, "questionnaire": "bank"}, is_public=True),
    # Nobody has asked for the blank yet; the first who does has it made
    Address("surveys:question_bank_blank", {**PARTNERSHIP, "questionnaire": "bank"}, is_public=True),
    Address(
        "surveys:question_bank_blank",
        {**PARTNERSHIP, "questionnaire": "bank"},
        is_public=True,
        method="post",
        status=302,
    ),
    # Nobody has asked for it yet: leads to the page that does
    Address(
        "surveys:question_bank_blank_file",
        {**PARTNERSHIP, "questionnaire": "bank"},
        is_public=True,
        status=302,
    ),
    # Asking to take part: a step leads to the page that begins
    *public("organisations:take_part", "organisations:take_part_sent", **PARTNERSHIP),
    *posts(public("organisations:take_part", **PARTNERSHIP)),
    Address("organisations:take_part_step", {**PARTNERSHIP, "step": "find"}, is_public=True, status=302),
    Address("organisations:verify_application", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    # Opens by its link alone; a wrong one says so
    Address("organisations:join", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    # Oneself
    *own("home", "organisations:own_details", "organisations:own_sessions", "accountability:own_calendar"),
    *own("organisations:feed_tokens"),
    Address(
        "organisations:feed_token_add",
        who=OFFICERS | {"outsider"},
        forbidden=EVERYBODY - OFFICERS - {"outsider"},
    ),
    *posts(
        [Address("organisations:feed_token_end", {"token": "feed_token"}, who=frozenset({"quality_officer"}))]
    ),
    # By a token alone: a session opens none of them
    *by_token("surveys:feed"),
    *by_token("surveys:feed_table", table="organisations", file_format="csv"),
    *by_token("surveys:feed_cycle_table", table="figures", file_format="csv", cycle="sent"),
    Address("account_session_left", is_public=True),
    Address("account_session_stay", method="post"),
    *posts([Address("organisations:own_session_end", {"handle": "none-such"})]),
    *posts(own("organisations:own_sessions_end")),
    Address("organisations:invitation", {"invitation": "officer_invitation"}, who=frozenset()),
    # An agency
    *agency("agency", "organisations:members", "surveys:copies"),
    # What is due for another look
    *agency("surveys:due"),
    *agency("surveys:due_checked", who=WRITERS, key="key-a9-1"),
    *posts(agency("surveys:due_checked", who=WRITERS, key="key-a9-1"), note="We have read all of it again."),
    # Its action plan
    *agency("surveys:actions"),
    *agency("surveys:action", action="action"),
    *agency("surveys:action_add", who=WRITERS),
    *agency("surveys:action_change", "surveys:action_update", who=WRITERS, action="action"),
    *agency("surveys:actions_file", file_format="xlsx"),
    *agency("surveys:actions_file", file_format="ics"),
    *posts(agency("surveys:actions_document_request")),
    *agency("surveys:actions_document", "surveys:actions_document_file", document="plan"),
    # The yearly look through who has access: what was said, and taking it back
    *agency("organisations:access_check", who=LEAD),
    *agency("organisations:access_checked", who=LEAD, access_check="access_check"),
    *posts(agency("organisations:access_take_back", who=LEAD, access_check="access_check")),
    *desk("organisations:officer_check", who=ADMINISTRATOR),
    *desk("organisations:officers_checked", who=ADMINISTRATOR, access_check="officer_check"),
    *posts(desk("organisations:officer_check_take_back", who=ADMINISTRATOR, access_check="officer_check")),
    *desk("surveys:access_list", "surveys:access_list_file", who=ORGANISERS),
    *agency("organisations:details", "organisations:hand_over", "organisations:invite_member", who=LEAD),
    *agency("organisations:member_roles", "organisations:end_member", who=LEAD, person="viewer"),
    *posts(
        agency("organisations:accept_member", "organisations:refuse_member", who=LEAD, membership="request")
    ),
    *posts(
        agency(
            "organisations:send_member_invitation",
            "organisations:revoke_member_invitation",
            who=LEAD,
            invitation="member_invitation",
        )
    ),
    # Which group sees it, and whom it sees as a group
    *agency("organisations:offer_group", who=LEAD),
    *agency("organisations:end_group", who=LEAD, access="access_asked"),
    *posts(
        agency("organisations:accept_group", "organisations:decline_group", who=LEAD, access="access_asked")
    ),
    *group("organisations:group_access"),
    *posts(group("organisations:ask_site", site="leaderless")),
    *group("organisations:end_site", access="access_offered"),
    *posts(group("organisations:accept_site", "organisations:decline_site", access="access_offered")),
    # What it sees of them, and answering for them: there is one question bank only, and nothing is chosen yet
    *group("surveys:group", "surveys:group_actions"),
    Address("surveys:group_answer", {"group": "anchor"}, LEAD, MEMBERS - LEAD, status=302),
    *group("surveys:group_answer_choose", pin="pin"),
    Address(
        "surveys:group_answer_enter", {"group": "anchor", "pin": "pin"}, LEAD, MEMBERS - LEAD, status=302
    ),
    # An audit that is being answered
    *agency("surveys:audit", "surveys:audit_check", at=DRAFT),
    *agency("surveys:audit_profile", who=WRITERS, at=DRAFT),
    *agency("surveys:audit_fact", who=WRITERS, at=DRAFT, code="P1"),
    *agency("surveys:audit_standard", who=WRITERS, at=DRAFT, code="A1"),
    *agency("surveys:audit_answer", who=WRITERS, at=DRAFT, code="A1", indicator="A1.1"),
    Address(
        "surveys:audit_answer",
        {**DRAFT, "code": "A1", "indicator": "A1.1"},
        who=WRITERS,
        forbidden=MEMBERS - WRITERS,
        method="post",
        data={"A1.1-score": "1", "A1.1-version": "1"},
    ),
    # Nothing there was carried over, so it leads back
    Address("surveys:standard_confirm", {**DRAFT, "code": "A1"}, WRITERS, MEMBERS - WRITERS, status=302),
    *agency("surveys:audit_action_add", "surveys:audit_no_action", who=WRITERS, at=DRAFT, code="A1.2"),
    # Officers are told that it has not been submitted; they see progress, not answers
    Address("surveys:audit_read", DRAFT, who=MEMBERS, forbidden=OFFICERS),
    # Leads on to the nearest audit in another partnership
    Address("surveys:audit_elsewhere", DRAFT, who=MEMBERS, status=302),
    *agency("surveys:audit_compared", at=DRAFT, other="audit_elsewhere"),
    Address("surveys:audit_history", DRAFT, who=MEMBERS, forbidden=OFFICERS),
    Address("surveys:audit_on", DRAFT, who=MEMBERS, forbidden=OFFICERS),
    *posts(agency("surveys:audit_start", who=WRITERS, at={**AGENCY, "cycle": "fresh"})),
    *posts(agency("surveys:audit_submit", who=LEAD, at=DRAFT)),
    *posts([Address("surveys:audit_copy_request", DRAFT, who=MEMBERS, forbidden=OFFICERS)]),
    # Answered offline; an upload that is gone leads back
    *agency("surveys:audit_sheet", "surveys:audit_sheet_file", who=WRITERS, at=DRAFT),
    Address("surveys:audit_sheet_check", {**DRAFT, "sheet": "0"}, WRITERS, MEMBERS - WRITERS, status=302),
    # An organisation's own national audit in place of answers
    *agency("surveys:audit_own_tool", who=LEAD, at={**AGENCY, "cycle": "fresh"}),
    *agency("surveys:audit_own_tool", at={**AGENCY, "cycle": "own-tool"}),
    *posts(agency("surveys:audit_own_tool_withdraw", who=LEAD, at={**AGENCY, "cycle": "own-tool"})),
    Address(
        "surveys:audit_own_tool_file",
        {**AGENCY, "cycle": "own-tool"},
        who=MEMBERS | READERS,
        forbidden=OFFICERS - READERS,
    ),
    # Sharing the work
    *agency("surveys:audit_sharing", at=DRAFT),
    *agency("surveys:audit_sharing_person", who=LEAD, at=DRAFT, person="contributor"),
    *posts(agency("surveys:audit_sharing_person", who=LEAD, at=DRAFT, person="contributor"), standards="A1"),
    # Sign-off: one that can be sent to the signatory, and one that waits for them
    *posts(agency("surveys:audit_sign_off_ask", who=LEAD, at={**AGENCY, "cycle": "to-sign"})),
    *agency("surveys:audit_check", at=WAITING),
    *agency("surveys:audit_sign_off", "surveys:audit_send_back", who=SIGNATORY, at=WAITING),
    *posts(
        agency("surveys:audit_sign_off", who=SIGNATORY, at=WAITING),
        statement="I have read it.",
        has_read="on",
    ),
    *posts(agency("surveys:audit_send_back", who=SIGNATORY, at=WAITING), note="Say more about A1."),
    *posts(agency("surveys:audit_sign_off_withdraw", who=LEAD, at=WAITING)),
    # A passport that the lead has uploaded; discarded or brought in, it leads back
    *agency("surveys:passport_add", who=LEAD, at=DRAFT),
    *agency("surveys:passport", who=LEAD, at=DRAFT, upload="passport"),
    *posts(agency("surveys:passport_discard", who=LEAD, at=DRAFT, upload="passport")),
    # One that has been submitted
    Address("surveys:audit_return", SENT, who=ORGANISERS, forbidden=OFFICERS - ORGANISERS),
    Address(
        "surveys:audit_return",
        SENT,
        who=ORGANISERS,
        forbidden=OFFICERS - ORGANISERS,
        method="post",
        data={"standard-A1": "A1.1", "reason": "Say what the board saw."},
        status=302,
    ),
    *agency("surveys:audit", "surveys:audit_submitted", at=SENT),
    *agency("surveys:audit_recall", who=LEAD, at=SENT),
    Address("surveys:audit_read", SENT, who=MEMBERS | READERS, forbidden=OFFICERS - READERS),
    Address("surveys:audit_history", SENT, who=MEMBERS | READERS, forbidden=OFFICERS - READERS),
    Address("surveys:audit_on", SENT, who=MEMBERS | READERS, forbidden=OFFICERS - READERS),
    Address("surveys:copy", {**AGENCY, "document": "copy"}, who=MEMBERS | READERS),
    Address("surveys:copy_file", {**AGENCY, "document": "copy"}, who=MEMBERS | READERS),
    # Evidence
    *agency("surveys:evidence_list"),
    *agency("surveys:evidence_add", who=WRITERS, kind="file"),
    *agency("surveys:evidence_add", who=WRITERS, kind="link"),
    *agency("surveys:evidence_item", item="evidence"),
    *agency("surveys:evidence_change", "surveys:evidence_replace", who=WRITERS, item="evidence"),
    # What was removed; everybody sees what they may put back
    *desk("organisations:removed"),
    *posts(desk("organisations:put_back", who=ORGANISERS, removal="removed_domain")),
    *agency("organisations:agency_removed"),
    *posts(agency("organisations:agency_put_back", who=LEAD, removal="removed_person")),
    *agency("surveys:evidence_remove", who=WRITERS, item="evidence"),
    *posts(agency("surveys:evidence_remove", who=LEAD, item="evidence"), what="erase", reason="A name."),
    Address("surveys:evidence_file", {**AGENCY, "version": "evidence_version"}, who=MEMBERS | READERS),
    *agency("surveys:audit_evidence", who=WRITERS, at=DRAFT, code="A1.1"),
    *posts(agency("surveys:audit_evidence_remove", who=WRITERS, at=DRAFT, code="A1.1", item="evidence")),
    # The desk
    *desk("desk", "organisations:organisations", "organisations:officers"),
    *desk("organisations:organisation", organisation="anchor"),
    *desk("organisations:add_organisation", who=ORGANISERS),
    # National registers
    *desk("organisations:registers", who=ORGANISERS),
    *desk("organisations:register_load", who=ORGANISERS, load="register"),
    *posts(desk("organisations:add_group", who=ORGANISERS, organisation="leaderless")),
    *desk("organisations:register_columns", who=ORGANISERS, load="register_columns"),
    *posts(desk("organisations:discard_load", "organisations:retry_load", who=ORGANISERS, load="register")),
    *desk("organisations:local_facts", who=ORGANISERS, organisation="anchor"),
    *desk("organisations:identifiers", who=ORGANISERS, organisation="leaderless"),
    *desk("organisations:invite_to_organisation", who=ORGANISERS, organisation="anchor"),
    *posts(
        desk(
            "organisations:approve",
            "organisations:refuse",
            who=ORGANISERS,
            organisation="leaderless",
            membership="leaderless_request",
        )
    ),
    *desk("organisations:end_lead", who=ORGANISERS, organisation="anchor", membership="lead_membership"),
    *posts(
        desk(
            "organisations:send_organisation_invitation",
            "organisations:revoke_organisation_invitation",
            who=ORGANISERS,
            organisation="anchor",
            invitation="organisation_invitation",
        )
    ),
    # Mail domains and requests to take part
    *desk("organisations:mail_domains", who=ORGANISERS, organisation="anchor"),
    *posts(
        desk(
            "organisations:withdraw_mail_domain",
            who=ORGANISERS,
            organisation="anchor",
            mail_domain="mail_domain",
        )
    ),
    *desk("surveys:applications", who=ORGANISERS),
    *desk("surveys:application", "surveys:application_decline", who=ORGANISERS, application="application"),
    *posts(
        desk("surveys:application", who=ORGANISERS, application="application"),
        organisation="new",
        is_statutory="no",
    ),
    *posts(
        desk("surveys:application_decline", who=ORGANISERS, application="application"),
        reason="Ask elsewhere.",
    ),
    # Cycles
    *desk("surveys:cycles"),
    *desk("surveys:cycle", cycle="draft"),
    Address("surveys:cycle_new", PARTNERSHIP, ADMINISTRATOR, OFFICERS - ADMINISTRATOR, status=302),
    *desk("surveys:cycle_new_step", who=ADMINISTRATOR, step="title"),
    *desk(
        "surveys:cycle_open",
        "surveys:cycle_change",
        "surveys:cycle_delete",
        who=ADMINISTRATOR,
        cycle="planned",
    ),
    *desk("surveys:cycle_bank", who=ADMINISTRATOR, cycle="planned", variant="standard"),
    *desk(
        "surveys:cycle_close",
        "surveys:cycle_closing_day",
        "surveys:cycle_invite",
        who=ADMINISTRATOR,
        cycle="fresh",
    ),
    *desk("surveys:cycle_copy", who=ADMINISTRATOR, cycle="fresh"),
    # Practitioner surveys: one runs in the cycle `draft`; the link alone opens it to staff
    *desk("surveys:cycle_survey", who=READERS, cycle="draft"),
    *desk("surveys:cycle_survey_statements", who=ORGANISERS, cycle="fresh"),
    *posts(desk("surveys:cycle_survey_statements", who=ORGANISERS, cycle="fresh"), act="off"),
    *desk("surveys:cycle_survey_open", who=ORGANISERS, cycle="draft"),
    *desk("surveys:cycle_survey_agency", who=READERS, cycle="draft", organisation="anchor"),
    *desk("surveys:cycle_survey_poster", who=ORGANISERS, cycle="draft", organisation="anchor"),
    *posts(
        desk("surveys:cycle_survey_agency", who=ORGANISERS, cycle="draft", organisation="anchor"), act="link"
    ),
    *agency("surveys:audit_survey", "surveys:audit_survey_poster", at=DRAFT),
    *posts(agency("surveys:audit_survey", who=LEAD, at=DRAFT), act="close"),
    Address("surveys:practitioner_survey", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    Address("surveys:practitioner_thanks", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    *desk("surveys:cycle_invitee", cycle="fresh", organisation="anchor"),
    *posts(desk("surveys:cycle_invitee_remove", who=ADMINISTRATOR, cycle="fresh", organisation="cove")),
    *desk(
        "surveys:cycle_invitee_change",
        who=ADMINISTRATOR,
        cycle="fresh",
        organisation="anchor",
        what="extension",
    ),
    *posts(
        desk(
            "surveys:cycle_invitee_undo",
            who=ADMINISTRATOR,
            cycle="fresh",
            organisation="anchor",
            what="extension",
        )
    ),
    # The pipeline, whose room leads to the newest open cycle, and all that passed with one organisation
    Address("surveys:pipeline", PARTNERSHIP, OVERVIEW_READERS, OFFICERS - OVERVIEW_READERS, status=302),
    *desk("surveys:pipeline_cycle", who=OVERVIEW_READERS, cycle="draft"),
    *desk("surveys:pipeline_save", who=READERS, cycle="draft"),
    *posts(desk("surveys:pipeline_save", who=READERS, cycle="draft"), name="Mine"),
    *desk("surveys:pipeline_file", who=READERS, cycle="draft", file_format="csv"),
    *desk("surveys:pipeline_file", who=READERS, cycle="draft", file_format="xlsx"),
    Address(
        "surveys:pipeline_view_delete",
        {**PARTNERSHIP, "cycle": "draft", "view": "saved_view"},
        who=frozenset({"quality_officer"}),
        forbidden=OFFICERS - READERS,
        method="post",
        status=302,
    ),
    *desk("surveys:contact_trail", who=READERS, organisation="anchor"),
    # Contacts, the mail to agencies, and what follows where it does not help
    *desk("organisations:contact_add", who=ORGANISERS, organisation="anchor"),
    *desk(
        "organisations:contact_change",
        "organisations:contact_end",
        who=ORGANISERS,
        organisation="anchor",
        contact="desk_contact",
    ),
    *desk("surveys:tables", who=READERS),
    *desk("surveys:table", who=READERS, table="organisations"),
    *desk("surveys:table", who=READERS, table="participation"),
    *desk("surveys:table_file", who=READERS, table="contacts", file_format="csv"),
    *desk("surveys:table_file", who=READERS, table="organisations", file_format="xlsx"),
    *posts(desk("surveys:table_file", who=READERS, table="organisations", file_format="csv")),
    # Files and uploads are for whoever asked for them: to another reader they are not there.
    *(
        Address(name, {**PARTNERSHIP, **of}, who=ADMINISTRATOR, forbidden=OFFICERS - READERS)
        for name, of in (
            ("surveys:table_document", {"document": "table"}),
            ("surveys:table_document_file", {"document": "table"}),
            ("surveys:table_upload", {"upload": "table_upload"}),
        )
    ),
    *posts(
        [
            Address(
                "surveys:table_upload_discard",
                {**PARTNERSHIP, "upload": "table_upload"},
                who=ADMINISTRATOR,
                forbidden=OFFICERS - READERS,
            )
        ]
    ),
    *desk("surveys:jobs", who=ORGANISERS),
    *posts(desk("surveys:job_retry", who=ORGANISERS, document="report")),
    *desk("surveys:outbox", who=READERS),
    *desk("surveys:outbox_message", who=READERS, message="message"),
    *desk("surveys:outbox_change", who=ORGANISERS, message="message"),
    *posts(desk("surveys:outbox_act", who=ORGANISERS), act="hold", messages="1"),
    *desk("surveys:cycle_texts", who=READERS, cycle="planned"),
    *desk("surveys:cycle_text", who=ORGANISERS, cycle="planned", kind="opening"),
    *posts(desk("surveys:cycle_text_reset", who=ORGANISERS, cycle="planned", kind="opening")),
    *desk("surveys:cycle_remind", who=ORGANISERS, cycle="fresh"),
    *desk("surveys:escalation", who=READERS, cycle="fresh", organisation="anchor"),
    *desk("surveys:escalation_letter", who=READERS, cycle="fresh", organisation="anchor", document="letter"),
    *desk("surveys:escalation_step", who=ORGANISERS, cycle="fresh", organisation="anchor", step="partners"),
    # Reports
    *desk("surveys:reports", who=OVERVIEW_READERS),
    *desk("surveys:overview", who=OVERVIEW_READERS, cycle="sent"),
    *desk("surveys:overview_variant", who=OVERVIEW_READERS, cycle="sent", variant="standard"),
    *desk("accountability:public_preview", who=OVERVIEW_READERS, cycle="sent"),
    *posts(desk("surveys:overview_file_request", who=READERS, cycle="sent"), format="csv"),
    *desk("surveys:overview_document", "surveys:overview_file", who=READERS, document="report"),
    *desk("surveys:overview_heat_map", who=READERS, cycle="sent"),
    *desk(
        "surveys:overview_chart", "surveys:overview_chart_table", who=READERS, cycle="sent", chart="grades"
    ),
    # Moderation: an audit that is submitted, and one whose moderation is closed
    *desk("surveys:moderation", who=READERS),
    *desk("surveys:moderation_queue", "surveys:moderation_sample", who=READERS, cycle="sent"),
    *posts(
        desk("surveys:moderation_sample", who=ORGANISERS, cycle="sent"), rule="random", size="1", seed="7"
    ),
    *desk("surveys:moderation_audit", who=READERS, cycle="sent", organisation="anchor"),
    *desk("surveys:moderation_standard", who=READERS, cycle="sent", organisation="anchor", code="A1"),
    *posts(
        desk("surveys:moderation_standard", who=ORGANISERS, cycle="sent", organisation="anchor", code="A1"),
        **{"A1.1-score": "agrees", "A1.1-seen": "0", "A1.2-seen": "0"},
    ),
    *desk(
        "surveys:moderation_ask",
        who=ORGANISERS,
        cycle="sent",
        organisation="anchor",
        code="A1",
        indicator="A1.1",
    ),
    *desk("surveys:moderation_close", who=ORGANISERS, cycle="sent", organisation="anchor"),
    *desk("surveys:moderation_reopen", who=ADMINISTRATOR, cycle="final", organisation="anchor"),
    # Calibration: the quality officer and the administrator were chosen to score, and nothing is scored yet
    *desk("surveys:calibrations", who=READERS, cycle="sent"),
    *posts(
        desk("surveys:calibration_finish", who=ORGANISERS, cycle="sent", calibration="calibration"),
    ),
    *desk("surveys:calibration", who=READERS, cycle="sent", calibration="calibration"),
    *desk("surveys:calibration_item", who=ORGANISERS, cycle="sent", calibration="calibration", position="1"),
    *posts(
        desk(
            "surveys:calibration_item", who=ORGANISERS, cycle="sent", calibration="calibration", position="1"
        ),
        score="2",
    ),
    # Concerns and offers of support: nobody is chosen, which leads back
    *desk("surveys:support", who=READERS),
    *desk("surveys:support_concerns", who=READERS, cycle="sent"),
    Address(
        "surveys:support_offer_new",
        {**PARTNERSHIP, "cycle": "sent"},
        ORGANISERS,
        OFFICERS - ORGANISERS,
        status=302,
    ),
    *desk("surveys:support_offer", who=READERS, offer="offer"),
    Address(
        "surveys:support_offer",
        {**PARTNERSHIP, "offer": "offer"},
        ORGANISERS,
        OFFICERS - ORGANISERS,
        method="post",
        data={"status": "elsewhere"},
    ),
    *agency("surveys:feedback_support", offer="offer"),
    *posts(agency("surveys:feedback_support", who=LEAD, offer="offer"), answer="accepted"),
    # What the agency reads of it
    *agency("surveys:feedback"),
    *agency("surveys:feedback_question", question="question"),
    *posts(agency("surveys:feedback_question", who=WRITERS, question="question"), reply="The board."),
    *agency("surveys:feedback_audit", cycle="final"),
    # Accountability meetings: setting up leads on where it is done
    *desk("accountability:meetings", who=MEETING_SEERS),
    *desk("accountability:round", who=MEETING_SEERS, cycle="fresh"),
    *desk("accountability:set_up", who=ORGANISERS, cycle="draft"),
    *desk("accountability:panel_members", "accountability:meeting_days", who=READERS, cycle="fresh"),
    *desk(
        "accountability:panel_rules",
        "accountability:panel_officer_add",
        "accountability:panel_contact_add",
        "accountability:panel_contact_new",
        "accountability:meeting_day_add",
        who=ORGANISERS,
        cycle="fresh",
    ),
    *desk("accountability:panel_member", who=READERS, cycle="fresh", member="panel_spare"),
    *desk(
        "accountability:panel_member_change",
        "accountability:panel_member_link",
        "accountability:interest_add",
        "accountability:panel_answer",
        who=ORGANISERS,
        cycle="fresh",
        member="panel_spare",
    ),
    *posts(
        desk(
            "accountability:panel_member_end",
            "accountability:panel_member_ask",
            who=ORGANISERS,
            cycle="fresh",
            member="panel_spare",
        )
    ),
    *posts(
        desk(
            "accountability:interest_remove",
            who=ORGANISERS,
            cycle="fresh",
            member="panel_spare",
            interest="panel_interest",
        )
    ),
    *posts(
        desk(
            "accountability:panel_copy",
            "accountability:panel_availability_ask",
            "accountability:agency_availability_ask",
            who=ORGANISERS,
            cycle="fresh",
        )
    ),
    *desk(
        "accountability:meeting_day",
        "accountability:meeting_day_places",
        who=ORGANISERS,
        cycle="fresh",
        day="meeting_day",
    ),
    *posts(desk("accountability:meeting_day_delete", who=ORGANISERS, cycle="fresh", day="empty_meeting_day")),
    *desk(
        "accountability:panel_availability", "accountability:agency_availability", who=READERS, cycle="fresh"
    ),
    *desk("accountability:agency_answer", who=ORGANISERS, cycle="fresh", organisation="cove"),
    # Theirs alone: on the panel are its member and its chair
    Address(
        "accountability:own_availability",
        {**PARTNERSHIP, "cycle": "fresh"},
        frozenset({"panel_member", "panel_chair"}),
        OFFICERS - {"panel_member", "panel_chair"},
    ),
    # Opens by its link alone; one that was made up is not found
    Address("accountability:availability", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    Address("accountability:member_page", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    Address("accountability:calendar_feed", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    # What an agency that is called sees of it
    *agency("accountability:agency_meetings"),
    *agency("accountability:meeting_entry", at={**AGENCY, "cycle": "fresh"}),
    *agency("accountability:representatives", who=LEAD | SIGNATORY, at={**AGENCY, "cycle": "fresh"}),
    *agency("accountability:half_days", at={**AGENCY, "cycle": "fresh"}),
    *desk("accountability:calls", who=READERS, cycle="fresh"),
    *posts(desk("accountability:calls", who=ORGANISERS, cycle="fresh"), all="1"),
    *desk("accountability:call", who=ORGANISERS, cycle="fresh", organisation="beacon"),
    *posts(desk("accountability:call", who=ORGANISERS, cycle="fresh", organisation="beacon"), reason="New."),
    *desk("accountability:call_drop", who=ORGANISERS, cycle="fresh", organisation="cove"),
    *posts(
        desk("accountability:call_drop", who=ORGANISERS, cycle="fresh", organisation="cove"), reason="Moved."
    ),
    *desk("accountability:timetable", "accountability:releases", who=READERS, cycle="fresh"),
    *desk("accountability:release", who=READERS, cycle="fresh", number="1"),
    *posts(desk("accountability:release_paper", who=READERS, cycle="fresh", number="1")),
    *desk("accountability:release_file", who=READERS, cycle="fresh", number="1"),
    *posts(desk("accountability:timetable_run", who=ORGANISERS, cycle="fresh"), seconds="10"),
    *desk("accountability:timetable_release", who=ORGANISERS, cycle="fresh"),
    *desk("accountability:timetable_meeting", who=ORGANISERS, cycle="fresh", organisation="cove"),
    *desk(
        "accountability:seat_replace",
        who=ORGANISERS,
        cycle="fresh",
        organisation="cove",
        seat="meeting_seat",
    ),
    *posts(
        desk(
            "accountability:timetable_lock",
            "accountability:timetable_take_off",
            who=ORGANISERS,
            cycle="fresh",
            organisation="cove",
        ),
        locked="1",
    ),
    # The screen of a meeting, and its day's list
    *desk("accountability:day_meetings", who=MEETING_SEERS, cycle="fresh", date="2027-03-03"),
    # Leads to the next day's
    Address(
        "accountability:day_next",
        {**PARTNERSHIP, "cycle": "fresh"},
        MEETING_SEERS,
        OFFICERS - MEETING_SEERS,
        status=302,
    ),
    *desk(
        "accountability:meeting",
        "accountability:meeting_others",
        "accountability:meeting_attendance",
        "accountability:meeting_scores",
        "accountability:meeting_agreed",
        "accountability:meeting_practice",
        who=MEETING_SEERS,
        **MEETING,
    ),
    *desk("accountability:meeting_note", who=AT_MEETING, **MEETING, item="agenda_item"),
    *desk(
        "accountability:meeting_item_add",
        "accountability:meeting_representative",
        "accountability:meeting_stand_in",
        who=ORGANISERS,
        **MEETING,
    ),
    *posts(
        desk(
            "accountability:meeting_start",
            "accountability:meeting_take_back",
            "accountability:meeting_close",
            "accountability:meeting_reopen",
            who=ORGANISERS | {"panel_chair"},
            **MEETING,
        )
    ),
    # Nothing is chosen, which the page says
    *(
        replace(one, method="post")
        for one in desk("accountability:meeting_attendance", who=ORGANISERS, **MEETING)
    ),
    *posts(desk("accountability:meeting", who=AT_MEETING, **MEETING)),
    *desk("accountability:meeting_score", who=AT_MEETING, **MEETING, indicator="A1.1"),
    *desk("accountability:meeting_recommendation", who=AT_MEETING, **MEETING, number="1"),
    *posts(desk("accountability:meeting_agreed", who=AT_MEETING, **MEETING), text="Train."),
    *posts(
        desk("accountability:meeting_practice", who=AT_MEETING, **MEETING), **{"good-practice": "A film."}
    ),
    *posts(
        desk("accountability:meeting_practice_drop", who=AT_MEETING, **MEETING, practice="meeting_practice")
    ),
    *posts(desk("accountability:meeting_recommendation_withdraw", who=AT_MEETING, **MEETING, number="1")),
    *posts(
        desk(
            "accountability:meeting_score_agree",
            who=frozenset({"panel_chair"}),
            **MEETING,
            proposal="proposal",
        )
    ),
    # Who proposed it, and the chair
    *posts(
        desk(
            "accountability:meeting_score_withdraw",
            who=frozenset({"quality_officer", "panel_chair"}),
            **MEETING,
            proposal="proposal",
        )
    ),
    # What comes after a meeting: minutes and the letter, in their own cycle
    *desk("accountability:letters", who=READERS, cycle="after"),
    *desk("accountability:minutes", who=READERS | {"panel_chair"}, **NOTED),
    *posts(desk("accountability:minutes_begin", who=CHAIRING, **NOTED)),
    *desk("accountability:minutes", who=MEETING_SEERS, **AGREED),
    *desk("accountability:minutes_passage", who=CHAIRING, **DRAFTED, passage="draft_passage"),
    *posts(desk("accountability:minutes", who=CHAIRING, **DRAFTED)),
    *desk("accountability:minutes_correct", who=CHAIRING | {"panel_member"}, **AGREED),
    *desk("accountability:minutes_correction", who=CHAIRING, **AGREED, correction="correction"),
    *desk("accountability:minutes_final", who=ORGANISERS, **AGREED),
    *posts(
        desk("accountability:minutes_agree", who=CHAIRING, **DRAFTED),
        corrections_until_day="1",
        corrections_until_month="1",
        corrections_until_year="2100",
    ),
    *posts(desk("accountability:minutes_to_chair", who=ORGANISERS, **DRAFTED)),
    *posts(desk("accountability:minutes_take_back", who=CHAIRING, **AGREED)),
    *posts(desk("accountability:minutes_paper", who=MEETING_SEERS, **AGREED)),
    *desk("accountability:minutes_file", "accountability:letter", who=MEETING_SEERS, **FINAL),
    *desk("accountability:letter_file", who=MEETING_SEERS, **FINAL),
    *desk("accountability:letter_edit", who=ORGANISERS, **LETTERED),
    *posts(
        desk(
            "accountability:letter_draft",
            "accountability:letter_sign",
            "accountability:letter_take_back",
            "accountability:letter_send",
            who=ORGANISERS,
            **LETTERED,
        ),
        signed_as="Ada Byron",
        version="1",
    ),
    *agency(
        "accountability:agency_meeting",
        "accountability:agency_minutes",
        "accountability:agency_minutes_file",
        "accountability:agency_letter",
        "accountability:agency_letter_file",
        at={**AGENCY, "cycle": "after"},
    ),
    Address("accountability:member_minutes", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    Address(
        "accountability:member_minutes_of",
        {"token": "no-such-token", "organisation": "anchor"},
        who=frozenset(),
        is_public=True,
    ),
    # Packs: Dune House's; a file is its reader's, a private question its author's
    *desk("accountability:packs", who=MEETING_SEERS, cycle="fresh"),
    *posts(desk("accountability:packs_prepare", who=ORGANISERS, cycle="fresh")),
    *posts(desk("accountability:day_packs_request", who=MEETING_SEERS, cycle="fresh", day="meeting_day")),
    *desk("accountability:pack", who=MEETING_SEERS, **MEETING),
    *posts(desk("accountability:pack_request", who=MEETING_SEERS, **MEETING)),
    *desk("accountability:own_question_add", who=MEETING_SEERS - READERS, **MEETING),
    *desk("accountability:line_add", who=ORGANISERS, **MEETING),
    *desk("accountability:line_change", who=ORGANISERS, **MEETING, line="pack_line"),
    *posts(desk("accountability:lines_suggest", who=ORGANISERS, **MEETING)),
    *posts(
        desk(
            "accountability:line_move",
            "accountability:line_drop",
            "accountability:line_take_back",
            who=ORGANISERS,
            **MEETING,
            line="pack_line",
        )
    ),
    Address(
        "accountability:line_change",
        {**PARTNERSHIP, **MEETING, "line": "own_question"},
        who=frozenset({"panel_member"}),
        forbidden=frozenset({"publisher"}),
    ),
    *(
        Address(
            name,
            {**PARTNERSHIP, "cycle": "fresh", "document": "pack_document"},
            who=ADMINISTRATOR,
            forbidden=frozenset({"publisher"}),
        )
        for name in ("accountability:pack_document", "accountability:pack_file")
    ),
    *agency("accountability:agency_pack", at=SENT),
    *agency("accountability:agency_pack_document", "accountability:agency_pack_file", at=SENT),
    *posts(agency("accountability:agency_pack_request", at=SENT)),
    # By a link; one that was made up is not found
    *(
        Address(name, arguments, who=frozenset(), is_public=True, method=method)
        for name, arguments, method in (
            ("accountability:member_packs", {"token": "no-such-token"}, "get"),
            ("accountability:member_pack", {"token": "no-such-token", "organisation": "anchor"}, "post"),
            ("accountability:member_pack_file", {"token": "no-such-token", "organisation": "anchor"}, "get"),
        )
    ),
    # What was agreed: an agency's answers, and how it goes
    *agency("accountability:agency_recommendations", at={**AGENCY, "cycle": "held"}),
    *agency("accountability:agency_recommendation", at={**AGENCY, "cycle": "held"}, number="1"),
    *agency(
        "accountability:recommendation_action",
        "accountability:recommendation_refuse",
        who=WRITERS,
        at={**AGENCY, "cycle": "held"},
        number="1",
    ),
    *posts(
        agency(
            "accountability:practice_shared",
            who=WRITERS,
            at={**AGENCY, "cycle": "held"},
            practice="good_practice",
        ),
        may="yes",
    ),
    *desk("accountability:progress", "accountability:progress_list", who=READERS, cycle="held"),
    *desk("accountability:followed", who=READERS, cycle="held", organisation="anchor", number="2"),
    *desk("accountability:late_letter", who=ORGANISERS, cycle="held", organisation="anchor"),
    *desk(
        "accountability:late_letter_file",
        who=READERS,
        cycle="held",
        organisation="anchor",
        letter="late_letter",
    ),
    *posts(
        desk(
            "accountability:followed_decide",
            who=ORGANISERS,
            cycle="held",
            organisation="anchor",
            number="2",
        ),
        decision="accepted",
    ),
    # Nobody verifies what is not done
    Address(
        "accountability:followed_verify",
        {**PARTNERSHIP, "cycle": "held", "organisation": "anchor", "number": "2"},
        frozenset(),
        OFFICERS,
        method="post",
    ),
    # What an agency is given back
    *desk("accountability:feedback_reports", who=READERS, cycle="given"),
    *desk(
        "accountability:feedback_of",
        "accountability:feedback_of_file",
        who=READERS,
        cycle="given",
        organisation="anchor",
    ),
    *posts(desk("accountability:feedback_issue", who=ORGANISERS, cycle="given")),
    *desk("accountability:feedback_tell", who=ORGANISERS, cycle="given", number="1"),
    *agency(
        "accountability:feedback_report",
        "accountability:feedback_report_file",
        at={**AGENCY, "cycle": "given"},
    ),
    # Reports on their way to the public
    *desk("accountability:reports", who=OVERVIEW_READERS),
    *desk(
        "accountability:report",
        "accountability:report_preview",
        who=OVERVIEW_READERS,
        report="report_draft",
    ),
    *desk("accountability:report_new", who=ORGANISERS),
    *desk(
        "accountability:report_change",
        "accountability:report_discard",
        who=ORGANISERS,
        report="report_draft",
    ),
    *desk("accountability:report_section", who=ORGANISERS, report="report_draft", section="report_section"),
    *posts(
        desk(
            "accountability:report_redraft",
            "accountability:report_send",
            who=ORGANISERS,
            report="report_draft",
        )
    ),
    *desk(
        "accountability:report_comments",
        who=OVERVIEW_READERS,
        report="report_draft",
        section="report_section",
    ),
    *posts(
        desk(
            "accountability:report_comments",
            who=OVERVIEW_READERS,
            report="report_draft",
            section="report_section",
        ),
        text="Say who took part.",
    ),
    *posts(
        desk(
            "accountability:report_comment_resolve",
            who=OVERVIEW_READERS,
            report="report_draft",
            section="report_section",
            comment="report_comment",
        )
    ),
    # The administrator wrote it
    *posts(
        desk("accountability:report_approve", who=frozenset({"quality_officer"}), report="report_in_review")
    ),
    *desk("accountability:report_return", who=ORGANISERS, report="report_in_review"),
    *desk("accountability:report_return", who=ORGANISERS | PUBLISHER, report="report_approved"),
    *desk("accountability:report_publish", who=PUBLISHER, report="report_approved"),
    *desk("accountability:report_correct", who=ORGANISERS, report="report_published"),
    *desk("accountability:report_erratum_new", who=ORGANISERS, report="report_correction"),
    *desk(
        "accountability:report_erratum", who=ORGANISERS, report="report_correction", erratum="report_erratum"
    ),
    *desk("accountability:report_withdraw", who=ADMINISTRATOR | PUBLISHER, report="report_published"),
    *public("accountability:published_reports", **PARTNERSHIP),
    *public("accountability:published_report", **PARTNERSHIP, number="1"),
    *public("accountability:published_version", **PARTNERSHIP, number="1", version="1"),
    *public("accountability:published_file", **PARTNERSHIP, number="1", version="1", file="report.pdf"),
    # Findings and posters of the published report
    *desk("accountability:findings", who=OVERVIEW_READERS, report="report_published"),
    *desk("accountability:finding_add", who=ORGANISERS, report="report_published"),
    *desk(
        "accountability:finding",
        "accountability:finding_numbers",
        "accountability:finding_drop",
        who=ORGANISERS,
        report="report_published",
        finding="finding",
    ),
    *posts(
        desk(
            "accountability:findings_suggest",
            "accountability:findings_carry",
            "accountability:poster_begin",
            who=ORGANISERS,
            report="report_published",
        ),
        kind="poster",
    ),
    *posts(
        desk("accountability:finding_move", who=ORGANISERS, report="report_published", finding="finding"),
        to="up",
    ),
    *desk("accountability:poster", who=OVERVIEW_READERS, report="report_published", poster="poster"),
    *desk("accountability:poster_sheet", who=OVERVIEW_READERS, report="report_published", poster="poster"),
    *desk(
        "accountability:poster_sheet_file",
        who=OVERVIEW_READERS,
        report="report_published",
        poster="poster",
    ),
    *posts(
        desk(
            "accountability:poster_sheet_make",
            who=ORGANISERS | PUBLISHER,
            report="report_published",
            poster="poster",
        )
    ),
    # Its report holds, so nobody makes a new issue
    *posts(
        desk(
            "accountability:poster_anew",
            who=frozenset(),
            report="report_published",
            poster="poster_published",
        )
    ),
    *desk("accountability:poster_title", who=ORGANISERS, report="report_published", poster="poster"),
    *desk(
        "accountability:poster_box",
        who=ORGANISERS,
        report="report_published",
        poster="poster",
        box="poster_box",
    ),
    *desk("accountability:poster_discard", who=ORGANISERS, report="report_published", poster="poster"),
    *desk("accountability:poster_publish", who=PUBLISHER, report="report_published", poster="poster"),
    *desk(
        "accountability:poster_withdraw",
        who=ADMINISTRATOR | PUBLISHER,
        report="report_published",
        poster="poster_published",
    ),
    # What the board is given about it
    *desk("accountability:board_papers", who=OVERVIEW_READERS, report="report_published"),
    *desk("accountability:board_paper", who=OVERVIEW_READERS, report="report_published", kind="chapter"),
    *desk(
        "accountability:board_paper_file",
        who=OVERVIEW_READERS,
        report="report_published",
        kind="cover",
        ending="html",
    ),
    *desk("accountability:board_paper_change", who=ORGANISERS, report="report_published", kind="chapter"),
    *posts(desk("accountability:board_papers_draft", who=ORGANISERS, report="report_published")),
    *posts(
        desk(
            "accountability:board_paper_draft",
            "accountability:board_paper_pdf",
            "accountability:board_paper_take_draft",
            who=ORGANISERS,
            report="report_published",
            kind="chapter",
        )
    ),
    *public("accountability:poster_sheet_style"),
    # The risk list, training needs and courses
    *desk("accountability:courses", who=READERS),
    *desk("accountability:risk_list", "accountability:training_needs", who=READERS, cycle="sent"),
    *desk(
        "accountability:risk_list_file",
        "accountability:training_needs_file",
        who=READERS,
        cycle="sent",
        file_format="csv",
    ),
    *posts(desk("accountability:risk_paper_request", who=READERS, cycle="sent")),
    *desk(
        "accountability:risk_paper",
        "accountability:risk_paper_file",
        who=READERS,
        cycle="sent",
        document="executive",
    ),
    *desk("accountability:course_add", who=ORGANISERS),
    *desk("accountability:course", who=ORGANISERS, course="course"),
    *posts(desk("accountability:course_retire", who=ORGANISERS, course="course")),
    *posts(desk("accountability:course_offer", who=ORGANISERS, course="course_retired")),
    # The annual report, and agencies’ returns for it: a year a state
    *desk("accountability:annual_report", who=OVERVIEW_READERS),
    *desk("accountability:desk_returns", who=OVERVIEW_READERS, year="2025-26"),
    *desk("accountability:desk_returns_ask", who=ORGANISERS, year="2026-27"),
    *posts(desk("accountability:desk_returns_remind", who=ORGANISERS, year="2025-26")),
    *desk("accountability:desk_return", who=OVERVIEW_READERS, year="2023-24", organisation="anchor"),
    *posts(desk("accountability:desk_return_accept", who=ORGANISERS, year="2023-24", organisation="anchor")),
    *desk("accountability:desk_return_back", who=ORGANISERS, year="2022-23", organisation="anchor"),
    *agency("accountability:agency_returns"),
    *agency("accountability:agency_return", year="2025-26"),
    *agency("accountability:agency_return_hand_in", who=LEAD, year="2025-26"),
    *agency("accountability:agency_return_approve", who=SIGNATORY, year="2024-25"),
    *agency("accountability:agency_return_send_back", who=SIGNATORY, year="2024-25"),
    *posts(agency("accountability:agency_return_take_back", who=LEAD, year="2024-25")),
    *agency("accountability:agency_return_picture_add", who=WRITERS, year="2025-26"),
    *agency("accountability:agency_return_picture", who=WRITERS, year="2025-26", picture="picture_draft"),
    *posts(
        agency(
            "accountability:agency_return_picture_take_out",
            who=WRITERS,
            year="2025-26",
            picture="picture_draft",
        )
    ),
    Address(
        "accountability:agency_return_picture_file",
        {**AGENCY, "year": "2023-24", "picture": "picture_approved"},
        MEMBERS | OVERVIEW_READERS,
        OFFICERS - OVERVIEW_READERS,
    ),
    # Multi-agency audits; the link alone opens the seven questions to practitioners
    *desk("accountability:multi_agency_audits", who=READERS),
    *desk("accountability:multi_agency_plan", who=READERS, year="2025-26"),
    *desk(
        "accountability:multi_agency_audit",
        "accountability:multi_agency_reflection",
        who=READERS,
        audit="multi_agency",
    ),
    *desk("accountability:multi_agency_answers", who=READERS, audit="multi_agency_told", question="barriers"),
    *desk("accountability:multi_agency_audit_add", who=ORGANISERS),
    *desk(
        "accountability:multi_agency_audit_change",
        "accountability:multi_agency_audit_findings",
        "accountability:multi_agency_audit_cancel",
        "accountability:multi_agency_action_add",
        "accountability:multi_agency_reflection_poster",
        who=ORGANISERS,
        audit="multi_agency",
    ),
    *posts(desk("accountability:multi_agency_audit_again", who=ORGANISERS, audit="multi_agency_cancelled")),
    *posts(desk("accountability:multi_agency_reflection", who=ORGANISERS, audit="multi_agency"), act="link"),
    *desk(
        "accountability:multi_agency_action_drop",
        who=ORGANISERS,
        audit="multi_agency",
        action="multi_agency_action",
    ),
    Address("accountability:reflection", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    Address("accountability:reflection_thanks", {"token": "no-such-token"}, who=frozenset(), is_public=True),
    *public("accountability:published_poster", **PARTNERSHIP, number="1"),
    *public("accountability:published_poster_file", **PARTNERSHIP, number="1", file="poster.pdf"),
    # What children and families say
    *agency("accountability:agency_voices"),
    *agency("accountability:voice_add", who=WRITERS),
    *agency(
        "accountability:voice",
        "accountability:voice_consent",
        "accountability:voice_remove",
        who=WRITERS,
        voice="voice",
    ),
    *agency("accountability:voice_withdraw", who=WRITERS, voice="voice_quotable"),
    *posts(agency("accountability:voice_withdraw", who=WRITERS, voice="voice_quotable")),
    *posts(agency("accountability:voice_remove", who=WRITERS, voice="voice")),
    *desk("accountability:desk_voices", who=READERS, year="2025-26"),
    *posts(
        desk(
            "accountability:voice_choose",
            "accountability:voice_drop",
            who=ORGANISERS,
            year="2025-26",
            voice="voice",
        ),
        version="1",
    ),
    # What people may ask of their own data
    *own("privacy:own_export", "privacy:own_request"),
    *posts(own("privacy:own_export")),
    Address("privacy:own_export_file", {"export": "own_export"}, who=LEAD),
    # Nobody has asked
    *posts([Address("privacy:own_withdraw", who=frozenset())]),
    *desk("privacy:desk", "privacy:export_new", "privacy:leavers", who=ADMINISTRATOR),
    *desk("privacy:export", "privacy:export_file", who=ADMINISTRATOR, export="data_export"),
    *posts(
        desk("privacy:export_hand_over", "privacy:export_discard", who=ADMINISTRATOR, export="data_export")
    ),
    *desk("privacy:leaver", who=ADMINISTRATOR, person="leaver"),
    *posts(desk("privacy:leaver_stop", who=ADMINISTRATOR, person="leaver"), why="A court asks for it."),
    # How long records are kept, and what is to be destroyed
    *desk("retention:schedule", who=RETENTION_READERS),
    *desk("retention:period", who=ADMINISTRATOR, kind="audit"),
    *posts(desk("retention:list_make", who=ORGANISERS)),
    *desk("retention:list", who=RETENTION_READERS, number="list_waiting"),
    *desk(
        "retention:list_certificate",
        "retention:list_certificate_file",
        who=RETENTION_READERS,
        number="list_done",
    ),
    # It was put forward already; tests/retention/test_permissions.py has one that was not
    *posts(desk("retention:list_propose", who=frozenset(), number="list_waiting")),
    *posts(desk("retention:list_withdraw", who=ORGANISERS, number="list_waiting")),
    *posts(desk("retention:list_return", who=APPROVERS, number="list_waiting")),
    *desk("retention:list_approve", who=APPROVERS, number="list_waiting"),
    *desk("retention:hold", who=ORGANISERS, number="list_waiting", item="destruction_item"),
    *posts(desk("retention:hold_release", who=ORGANISERS, hold="hold")),
    # A partnership's administration
    *desk("organisations:settings", "organisations:invite_officer", who=ADMINISTRATOR),
    *desk("organisations:desk_feed_tokens", who=ADMINISTRATOR),
    *posts(desk("organisations:desk_feed_token_end", who=ADMINISTRATOR, token="feed_token")),
    *desk("organisations:end_officer", who=ADMINISTRATOR, officer="publisher_office"),
    # Whoever has not just signed in is asked who they are first
    Address(
        "organisations:reset_second_factor",
        {**PARTNERSHIP, "person": "viewer"},
        who=ADMINISTRATOR,
        forbidden=OFFICERS - ADMINISTRATOR,
        status=302,
    ),
    *posts(
        desk(
            "organisations:send_officer_invitation",
            "organisations:revoke_officer_invitation",
            who=ADMINISTRATOR,
            invitation="officer_invitation",
        )
    ),
]
