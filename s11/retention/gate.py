"""What the database itself holds of destruction: triggers, for SQLite and PostgreSQL alike.

An item comes under way only where its list was put forward by one officer and approved by another, nothing was added to
the list since, and no hold lies on the record. It leaves that state as destroyed, with its line in the log. The state
never outlives a transaction, so no other connection sees it. A trail that refuses DELETE asks `UNDER_WAY` and so lets
its lines go in that transaction, and in no other.

A migration of this app that changes these tables on SQLite must add the triggers anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ITEMS, LISTS = "retention_destructionitem", "retention_destructionlist"
LOG, PERIODS, HOLDS, FILES = (
    "retention_destructionentry",
    "retention_period",
    "retention_hold",
    "retention_doomedfile",
)
# Names in these texts are those of our own tables, none is anybody's input.
# True inside the transaction that destroys an approved item.
UNDER_WAY: Final = f"EXISTS (SELECT 1 FROM {ITEMS} WHERE state = 'under_way')"  # noqa: S608  a name of our own

SAID_LOG: Final = "The log of what was destroyed stays as it is."
SAID_PERIOD: Final = "An earlier period stays in the schedule: set a new one."
SAID_HOLD: Final = "A hold stays on record: it can only be released."
SAID_LIST: Final = "An approved destruction list stays as it was approved."
SAID_ITEM: Final = "What was approved stays on its list as it is."
SAID_CLOSED: Final = "Nothing is destroyed but what two officers approved and nobody holds."
SAID_UNLOGGED: Final = "What is destroyed has its line in the log."

APPROVED: Final = f"""EXISTS (SELECT 1 FROM {LISTS} l WHERE l.id = NEW.list_id AND l.status = 'approved'
    AND l.approved_by_id <> l.prepared_by_id
    AND l.approved_items = (SELECT count(*) FROM {ITEMS} i WHERE i.list_id = l.id)
    AND NOT EXISTS (SELECT 1 FROM {HOLDS} h WHERE h.partnership_id = l.partnership_id AND h.kind = NEW.kind
        AND h.record = NEW.record AND h.released_at IS NULL))"""  # noqa: S608  likewise
LIST_WAS_APPROVED: Final = (
    f"EXISTS (SELECT 1 FROM {LISTS} l WHERE l.id = OLD.list_id AND l.approved_at IS NOT NULL)"  # noqa: S608  likewise
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuses an act on a row of a table where `when` holds; always, where it is empty."""

    table: str
    name: str
    act: str
    said: str
    when: str = ""

    @property
    def trigger(self) -> str:
        return f"{self.table}_{self.name}"


def changes(*columns: str) -> str:
    """`{differs}` is the database's own word for `<>` that knows NULL."""
    return "(" + " OR ".join(f"NEW.{one} {{differs}} OLD.{one}" for one in columns) + ")"


RULES: Final = (
    Rule(LOG, "once", "UPDATE", SAID_LOG),
    Rule(LOG, "kept", "DELETE", SAID_LOG),
    Rule(PERIODS, "once", "UPDATE", SAID_PERIOD),
    Rule(PERIODS, "kept", "DELETE", SAID_PERIOD),
    Rule(
        HOLDS,
        "once",
        "UPDATE",
        SAID_HOLD,
        "OLD.released_at IS NOT NULL OR "
        + changes("partnership_id", "kind", "record", "reference", "reason", "by_id", "at"),
    ),
    Rule(HOLDS, "kept", "DELETE", SAID_HOLD),
    Rule(
        LISTS,
        "once",
        "UPDATE",
        SAID_LIST,
        "OLD.approved_at IS NOT NULL AND (OLD.status = 'done' OR NEW.status NOT IN ('approved', 'done') OR "
        + changes(
            "partnership_id",
            "number",
            "as_of",
            "prepared_by_id",
            "prepared_at",
            "approved_by_id",
            "approved_at",
            "approved_items",
        )
        + ")",
    ),
    Rule(LISTS, "kept", "DELETE", SAID_LIST, "OLD.approved_at IS NOT NULL"),
    Rule(ITEMS, "kept", "DELETE", SAID_ITEM, LIST_WAS_APPROVED),
    Rule(
        ITEMS,
        "once",
        "UPDATE",
        SAID_ITEM,
        f"(OLD.state = 'destroyed') OR ({changes('list_id', 'kind', 'record', 'reference', 'counts_from')} "
        f"AND {LIST_WAS_APPROVED})",
    ),
    Rule(ITEMS, "begun", "UPDATE", SAID_CLOSED, f"NEW.state = 'under_way' AND NOT {APPROVED}"),
    # A restored backup brings destroyed items; one under way is in none.
    Rule(ITEMS, "made", "INSERT", SAID_CLOSED, "NEW.state = 'under_way'"),
    Rule(
        ITEMS,
        "logged",
        "UPDATE",
        SAID_UNLOGGED,
        f"NEW.state = 'destroyed' AND (OLD.state <> 'under_way' OR NOT EXISTS (SELECT 1 FROM {LOG} e "  # noqa: S608  likewise
        "WHERE e.item_id = NEW.id AND e.kind = NEW.kind AND e.record = NEW.record))",
    ),
    Rule(FILES, "kept", "DELETE", SAID_LOG),
)

CERTIFICATES: Final = (
    Rule("retention_certificate", "once", "UPDATE", "A certificate stays as it was made."),
    Rule("retention_certificate", "kept", "DELETE", "A certificate stays as it was made."),
)


def add_certificate_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for rule in CERTIFICATES:
        add_rule(schema_editor, rule)


def drop_certificate_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for rule in CERTIFICATES:
        drop_rule(schema_editor, rule)


def add_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for rule in RULES:
        add_rule(schema_editor, rule)


def drop_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for rule in RULES:
        drop_rule(schema_editor, rule)


def add_period_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Anew, where the table of periods was made anew."""
    for rule in RULES:
        if rule.table == PERIODS:
            drop_rule(schema_editor, rule)
            add_rule(schema_editor, rule)


def add_rule(schema_editor: BaseDatabaseSchemaEditor, rule: Rule) -> None:
    on = f"CREATE TRIGGER {rule.trigger} BEFORE {rule.act} ON {rule.table} FOR EACH ROW"
    if schema_editor.connection.vendor != "postgresql":
        when = f"WHEN ({rule.when.format(differs='IS NOT')}) " if rule.when else ""
        schema_editor.execute(f"{on} {when}BEGIN SELECT RAISE(ABORT, '{rule.said}'); END", params=None)
        return
    # Its WHEN asks no other table, so the function does.
    when = rule.when.format(differs="IS DISTINCT FROM") or "true"
    kept = "OLD" if rule.act == "DELETE" else "NEW"
    schema_editor.execute(
        f"CREATE FUNCTION {rule.trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{rule.said}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {kept}; END $$",
        params=None,
    )
    schema_editor.execute(f"{on} EXECUTE FUNCTION {rule.trigger}()", params=None)


def drop_rule(schema_editor: BaseDatabaseSchemaEditor, rule: Rule) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    on = f" ON {rule.table}" if is_postgresql else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {rule.trigger}{on}", params=None)
    if is_postgresql:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {rule.trigger}()", params=None)
