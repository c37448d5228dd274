"""Nobody deletes what was published, nor changes what is said of its corrections, whoever sends the statement."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSED = "What was published stays as it is: publish a correction instead."
# By table, of which rows; of a report of that one that has its number.
KEPT = {
    "accountability_snapshot": "",
    "accountability_publishedfile": "",
    "accountability_report": "WHEN (OLD.number IS NOT NULL)",
}
ERRATA = "accountability_erratum"
IS_PUBLISHED = "EXISTS (SELECT 1 FROM accountability_report WHERE id = OLD.report_id AND number IS NOT NULL)"
ACTS = {"kept": "DELETE", "once": "UPDATE"}


def add_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite a later change of these tables must add them anew, as those of 0003."""
    if schema_editor.connection.vendor == "postgresql":
        add_to_postgresql(schema_editor)
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    for table, which in KEPT.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW {which} {refuse}", params=None
        )
    for name, act in ACTS.items():
        schema_editor.execute(
            f"CREATE TRIGGER {ERRATA}_{name} BEFORE {act} ON {ERRATA} FOR EACH ROW WHEN {IS_PUBLISHED} {refuse}",
            params=None,
        )


def add_to_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Its WHEN asks no other table, so errata have a function of their own; the other one is that of 0003."""
    for table, which in KEPT.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW {which} "
            "EXECUTE FUNCTION accountability_refuse_change()",
            params=None,
        )
    schema_editor.execute(
        "CREATE FUNCTION accountability_refuse_erratum() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {IS_PUBLISHED} THEN "
        f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        params=None,
    )
    for name, act in ACTS.items():
        schema_editor.execute(
            f"CREATE TRIGGER {ERRATA}_{name} BEFORE {act} ON {ERRATA} FOR EACH ROW "
            "EXECUTE FUNCTION accountability_refuse_erratum()",
            params=None,
        )


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    triggers = [(f"{table}_kept", table) for table in KEPT] + [(f"{ERRATA}_{name}", ERRATA) for name in ACTS]
    for trigger, table in triggers:
        schema_editor.execute(f"DROP TRIGGER {trigger}{f' ON {table}' if is_postgresql else ''}", params=None)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION accountability_refuse_erratum()", params=None)


class Migration(migrations.Migration):
    dependencies = [("accountability", "0007_courses")]

    operations = [migrations.RunPython(add_triggers, drop_triggers)]
