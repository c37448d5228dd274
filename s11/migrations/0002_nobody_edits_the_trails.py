"""The database refuses every change and deletion in the trails: see `s11/trails.py`.

Rows that are there stay as they are, and nothing is read. On PostgreSQL each table waits a moment for those who write to
it, and they for it, until all rules are there; where it meets a deadlock, run `migrate` again.
"""

from django.db import migrations

from s11.trails import add_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("s11", "0001_cache_table"),
        ("accountability", "0013_everybody_who_wrote_a_finding_or_poster"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auditlog", "0017_add_actor_email"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("organisations", "0009_exports_and_anonymising"),
        ("retention", "0003_certificates"),
        ("surveys", "0024_when_records_were_destroyed"),
    ]

    operations = [migrations.RunPython(add_triggers, drop_triggers)]
