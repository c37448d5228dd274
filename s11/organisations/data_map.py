"""What this app keeps about people, a table at a time; `s11/web/personal_data.py` has the words."""

from s11.web.personal_data import Basis, Kept, Leaving, Purpose

ACCOUNTS = Purpose(
    title="Accounts",
    why="To know who somebody is and let them in.",
    basis=Basis.PUBLIC_TASK,
    source="The person, or whoever invited them.",
    retention="Accounts whose person has left",
    told=(
        "Your name and work e-mail address, when you last signed in, and your password in a form that nobody can "
        "read back."
    ),
)
SIGNING_IN = Purpose(
    title="Signing in",
    why="To keep others out, and to let people see where they are signed in.",
    basis=Basis.SECURITY,
    source="The person’s browser and device.",
    retention="Sessions, and browsers that signed in",
    told=(
        "Where you are signed in: the kind of browser, since when, and when you were last active; and a "
        "random number by which a browser that you have used is known again. No internet address."
    ),
)
SECOND_STEPS = Purpose(
    title="Second steps",
    why="To keep others out even where they know a password.",
    basis=Basis.SECURITY,
    source="The person’s app or passkey.",
    retention="Accounts whose person has left",
    told=(
        "If you set up a second step for signing in: the key of your app, encrypted, or the public half of a passkey. "
        "Your fingerprint or face never leaves your device."
    ),
)
DATA_FEEDS = Purpose(
    title="Data feeds",
    why="To let an officer’s own programs read what the officer may read, and to see which of them do.",
    basis=Basis.SECURITY,
    source="The officer.",
    retention="Tokens of data feeds",
    told=(
        "If you let a program such as Power BI read for you: what you called its token, until when it lasts, on "
        "which day it was last used, and the token in a form that nobody can read back."
    ),
)
ROLES = Purpose(
    title="Roles",
    why="To decide who may read and change what, and to show later who could.",
    basis=Basis.PUBLIC_TASK,
    source="Leads and officers who give and end them.",
    retention="No period of its own: with the partnership’s records",
    told=(
        "For which organisation or partnership you act, in which role, from when until when, and who "
        "ended it."
    ),
)
CONTACTS = Purpose(
    title="Contacts without an account",
    why="To write to the person who answers for an organisation, such as its chief executive.",
    basis=Basis.PUBLIC_TASK,
    source="Officers of the partnership, or the organisation.",
    retention="No period of its own: with the partnership’s records",
    told=(
        "If an officer has entered you as a contact of your organisation: your name, job title, work "
        "e-mail address and telephone number."
    ),
)
INVITING = Purpose(
    title="Invitations",
    why="To let the right person in.",
    basis=Basis.PUBLIC_TASK,
    source="Leads and officers.",
    retention="No period of its own: with the partnership’s records",
    told="To which address you were invited, by whom, and when you accepted.",
)
TAKING_PART = Purpose(
    title="Requests to take part",
    why="To decide whether an organisation takes part, and who acts for it.",
    basis=Basis.PUBLIC_TASK,
    source="The person who asks.",
    retention="Requests to take part: declined, or never confirmed",
    told=(
        "If you ask to take part: your name, job title, work e-mail address and what you write to be "
        "recognised, and what was decided about it."
    ),
)
PLACES = Purpose(
    title="Partnerships, organisations and registers",
    why="To know who is asked.",
    basis=Basis.PUBLIC_TASK,
    source="Officers and national registers.",
    retention="No period of its own: with the partnership’s records",
)
REMOVED = Purpose(
    title="What was removed",
    why="To put it back if it was removed by mistake.",
    basis=Basis.PUBLIC_TASK,
    source="Members and officers.",
    retention="Things that were removed",
)
RIGHTS = Purpose(
    title="Requests about one’s own data",
    why="To answer them, and to show that they were answered.",
    basis=Basis.DUTY,
    source="The person, or an officer for them.",
    retention="No period of its own: with the partnership’s records",
    told=(
        "If you ask to see what is held about you, or to be forgotten: that you asked, who dealt with "
        "it, and when."
    ),
)

TABLES = (
    Kept(
        "organisations.Partnership",
        PLACES,
        about="contact_email",
        own="contact_email",
        words="contact_text accessibility_text privacy_text cookies_text",
        plain="name slug colour created_at",
        place="pk",
        note="An address of the partnership’s own; it may be somebody’s.",
    ),
    Kept(
        "organisations.Organisation",
        PLACES,
        plain=(
            "name slug variant urn ods_code ofsted_number group_uid parent successor closed_on created_at"
        ),
    ),
    Kept(
        "organisations.Participation",
        PLACES,
        plain="partnership organisation is_statutory is_active local_name joined_at",
        place="partnership",
    ),
    Kept(
        "organisations.User",
        ACCOUNTS,
        about="pk",
        own="email name last_login is_active deactivated_at date_joined language",
        keys="password",
        plain="is_superuser is_staff groups user_permissions",
        leaving=Leaving.CLEARED,
        note=(
            "The row stays under a stand-in, so that what the person did still says by whom it was "
            "done: a former member of their organisation."
        ),
    ),
    Kept(
        "organisations.Contact",
        CONTACTS,
        about="pk email",
        own="name job_title email telephone refused_at",
        who="created_by ended_by",
        plain="participation kind created_at ended_at",
        place="participation__partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "organisations.Membership",
        ROLES,
        about="user",
        own="user role requested_at started_at ended_at",
        who="ended_by",
        plain="organisation requested_through",
        place="organisation__participations__partnership",
    ),
    Kept(
        "organisations.MembershipApproval",
        ROLES,
        about="membership__user",
        own="membership at",
        who="by",
        plain="partnership",
        place="partnership",
    ),
    Kept(
        "organisations.Officer",
        ROLES,
        about="user",
        own="user role started_at ended_at",
        who="ended_by",
        plain="partnership",
        place="partnership",
    ),
    Kept(
        "organisations.GroupAccess",
        ROLES,
        who="asked_by accepted_by ended_by",
        plain="site group is_offer asked_at started_at ended_at",
        place="site__participations__partnership",
    ),
    Kept(
        "organisations.Invitation",
        INVITING,
        about="accepted_by email",
        own="email accepted_by accepted_at role",
        who="invited_by",
        keys="token_hash",
        plain="partnership organisation created_at sent_at revoked_at",
        place="partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "organisations.RegisterLoad",
        PLACES,
        who="requested_by",
        plain=(
            "partnership register name file links rows sha256 areas columns has_header variant "
            "is_statutory state progress error counts digest chosen requested_at queued_at attempts "
            "applied_at"
        ),
        place="partnership",
    ),
    Kept(
        "organisations.RegisterLine",
        PLACES,
        plain="load position kind code name text organisation choice",
        place="load__partnership",
    ),
    Kept(
        "organisations.Application",
        TAKING_PART,
        about="email",
        own="name job_title email created_at verified_at decision decided_at",
        who="decided_by",
        words="note decision_reason profile",
        keys="token_hash",
        plain="partnership organisation organisation_name variant urn ods_code ofsted_number",
        place="partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "organisations.MailDomain",
        TAKING_PART,
        who="confirmed_by",
        plain="organisation domain confirmed_in confirmed_at",
        place="confirmed_in",
    ),
    Kept(
        "organisations.Session",
        SIGNING_IN,
        about="user",
        own="user browser begun_at last_active_at expire_date",
        keys="session_key session_data",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "organisations.KnownBrowser",
        SIGNING_IN,
        about="user",
        own="user last_used_at",
        keys="token_hash",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "organisations.FeedToken",
        DATA_FEEDS,
        about="user",
        own="user name handle made_at expires_on last_used_on",
        keys="token_hash",
        plain="partnership",
        place="partnership",
        leaving=Leaving.DELETED,
    ),
    Kept(
        "organisations.AccessCheck",
        ROLES,
        who="by taken_back_by",
        plain="organisation partnership at taken_back_at",
        place="partnership",
    ),
    Kept(
        "organisations.AccessCheckLine",
        ROLES,
        about="membership__user office__user contact",
        own="membership office contact outcome",
        plain="access_check group_access",
        place="access_check__partnership",
    ),
    Kept(
        "organisations.Removal",
        REMOVED,
        who="removed_by restored_by",
        words="title rows links",
        plain="kind partnership organisation removed_at restored_at",
        place="partnership",
        organisations=True,
        note="What was removed lies here as it was, with its rows, until it is put back or its time is over.",
    ),
    Kept(
        "organisations.DataExport",
        RIGHTS,
        about="user email",
        own="user email name",
        who="requested_by reviewed_by",
        plain=(
            "partnership requested_at queued_at attempts error material gathered_at kept_back reviewed_at file sha256 "
            "discarded_at"
        ),
        place="partnership",
        leaving=Leaving.CLEARED,
    ),
    Kept(
        "organisations.Anonymisation",
        RIGHTS,
        about="user",
        own="user reason",
        who="asked_by stopped_by",
        words="why_stopped",
        plain="asked_at due_at obstacle stopped_at done_at is_under_way",
        place="approvals__partnership",
    ),
    Kept(
        "organisations.AnonymisationApproval",
        RIGHTS,
        about="anonymisation__user",
        own="anonymisation",
        who="by",
        plain="partnership at",
        place="partnership",
    ),
)
