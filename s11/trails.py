"""Trails that nobody edits: the database refuses to change or delete a line, on SQLite and PostgreSQL alike.

There are two ways in, and each is a state that our code ends with its transaction (`verify` tells one that stayed):
destroying what two officers approved lets lines go (`retention/gate.py`), and removing a leaver's name changes what
the record of changes says of them (`privacy/anonymising.py`). What else a rule lets through stands beside it.

On SQLite a migration that makes one of these tables anew loses its rules, and one that makes anew a table that they ask
fails. So it comes between two migrations of this app: the first drops the rules, the second adds them again.
tests/test_migrations.py fails for one that does not.
"""

from __future__ import annotations

from typing import Final

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from s11.privacy.anonymising import UNDER_WAY as NAME_GOES
from s11.retention.gate import UNDER_WAY as RECORD_GOES
from s11.retention.gate import Rule, add_rule, changes, drop_rule

SAID: Final = "A trail stays as it was written: no line of it is changed or deleted."
SAID_SIGNED: Final = "A signature that led to a submission stays as it was given."
SAID_CHECKED: Final = "A check of access stays as it was made: it can only be taken back."

# Written once; a line goes only with the record that it is about.
WITH_RECORDS: Final = (
    "surveys_auditevent",
    "surveys_profilechange",
    "surveys_evidencechange",
    "surveys_actionupdate",
    "surveys_actionverification",
    "surveys_moderation",
    "surveys_correction",
    "surveys_correction_indicators",
    "surveys_recheck",
    "surveys_supportconcern",
    "surveys_supportnote",
    "accountability_recommendationevent",
    "accountability_chase",
    "accountability_release",
    "accountability_releasedmeeting",
    "accountability_releasedseat",
    "accountability_feedbackreading",
    "accountability_voiceconsent",
)
# No kind of record takes these along.
FOR_GOOD: Final = (
    "organisations_membershipapproval",
    "organisations_accesscheckline",
    "organisations_anonymisationapproval",
    "django_admin_log",
)
# Of those of which one column may change, all others. Names in these texts are our own, none is anybody's input.
ANSWER_CHANGE: Final = changes(
    "id",
    "answer_id",
    "version",
    "score_before",
    "score_after",
    "reason_before",
    "reason_after",
    "commentary_before",
    "commentary_after",
    "no_action_before",
    "no_action_after",
    "is_brought_in",
    "by_id",
    "at",
    "group_id",
)
ESCALATION: Final = changes("id", "invitee_id", "step", "note", "contact_id", "by_id", "at")
LATE_LETTER: Final = changes("id", "meeting_id", "contact_id", "subject", "body", "message_id", "by_id", "at")
ACCESS_CHECK: Final = changes("id", "organisation_id", "partnership_id", "by_id", "at")
# But what names somebody: `object_repr`, `changes`, `actor_email`, `remote_addr` and `remote_port`.
LOG_ENTRY: Final = changes(
    "id",
    "content_type_id",
    "object_pk",
    "object_id",
    "serialized_data",
    "action",
    "changes_text",
    "actor_id",
    "cid",
    "timestamp",
    "additional_data",
)
# A request to take part that was declined is forgotten by the clock, with its lines: they go once it is gone.
REQUEST_IS_GONE: Final = """(OLD.object_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM django_content_type t
        WHERE t.id = OLD.content_type_id AND t.app_label = 'organisations' AND t.model = 'application')
    AND NOT EXISTS (SELECT 1 FROM organisations_application a WHERE a.id = OLD.object_id))"""
# A draft is thrown away whole, and put back whole; what has once gone to the public is never a draft again.
IS_DRAFT: Final = """EXISTS (SELECT 1 FROM accountability_report r
    WHERE r.id = OLD.report_id AND r.status = 'draft')"""


def keep(table: str, *, may_change: str = "", may_go: str = RECORD_GOES) -> tuple[Rule, Rule]:
    """`may_change` and `may_go` hold where the rule lets a statement through; empty: never."""
    return (
        Rule(table, "once", "UPDATE", SAID, may_change and f"NOT ({may_change})"),
        Rule(table, "kept", "DELETE", SAID, may_go and f"NOT ({may_go})"),
    )


RULES: Final = (
    *(rule for table in WITH_RECORDS for rule in keep(table)),
    *(rule for table in FOR_GOOD for rule in keep(table, may_go="")),
    # The answer in another partnership from which it was sent is destroyed, and this one stays.
    *keep(
        "surveys_answerchange",
        may_change=f"NEW.sent_from_id IS NULL AND {RECORD_GOES} AND NOT {ANSWER_CHANGE}",
    ),
    # Its e-mail is written after it, for it quotes its number; e-mails are destroyed sooner than steps.
    *keep(
        "surveys_escalation",
        may_change=f"(OLD.message_id IS NULL OR (NEW.message_id IS NULL AND {RECORD_GOES})) AND NOT {ESCALATION}",
    ),
    # Its paper is asked for after it, in the same transaction.
    *keep("accountability_lateletter", may_change=f"OLD.paper_id IS NULL AND NOT {LATE_LETTER}"),
    *keep("accountability_reportevent", may_go=f"{RECORD_GOES} OR {IS_DRAFT}"),
    *keep(
        "auditlog_logentry",
        may_change=f"{NAME_GOES} AND NOT {LOG_ENTRY}",
        may_go=f"{RECORD_GOES} OR {REQUEST_IS_GONE}",
    ),
    # Until it has led to a submission it waits, is decided, and can be withdrawn.
    Rule("surveys_signoff", "once", "UPDATE", SAID_SIGNED, "OLD.submission IS NOT NULL"),
    Rule("surveys_signoff", "kept", "DELETE", SAID, f"NOT ({RECORD_GOES})"),
    Rule(
        "organisations_accesscheck",
        "once",
        "UPDATE",
        SAID_CHECKED,
        f"OLD.taken_back_at IS NOT NULL OR {ACCESS_CHECK}",
    ),
    Rule("organisations_accesscheck", "kept", "DELETE", SAID_CHECKED),
)
TABLES: Final = tuple(dict.fromkeys(rule.table for rule in RULES))
# The other tables that rules ask.
ASKED: Final = (
    "accountability_report",
    "django_content_type",
    "organisations_anonymisation",
    "organisations_application",
    "retention_destructionitem",
)
# Emptying a whole table, which only PostgreSQL has a statement of its own for, fires no trigger of a row.
REFUSE_EMPTYING: Final = "s11_refuse_emptying"


def add_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All anew. Of a table that a later migration makes, the migration of this app after that one adds them."""
    drop_triggers(apps, schema_editor)
    with schema_editor.connection.cursor() as cursor:
        present = set(schema_editor.connection.introspection.table_names(cursor))
    for rule in RULES:
        if rule.table in present:
            add_rule(schema_editor, rule)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION {REFUSE_EMPTYING}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
        for table in (one for one in TABLES if one in present):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {REFUSE_EMPTYING}()",
                params=None,
            )


def drop_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Also those that are left of them, where some were lost: so the rules are made whole by going back and on."""
    for rule in RULES:
        drop_rule(schema_editor, rule)
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_whole ON {table}", params=None)
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {REFUSE_EMPTYING}()", params=None)


def list_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """What `add_triggers` makes there: each by its name, with its table."""
    of_tables = {f"{table}_whole": table for table in TABLES} if connection.vendor == "postgresql" else {}
    return {rule.trigger: rule.table for rule in RULES} | of_tables
