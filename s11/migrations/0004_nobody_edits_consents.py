"""The rules of the trails again, with one for consent to quote what children and families said."""

from django.db import migrations

from s11.trails import add_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("s11", "0003_rules_make_way"),
        ("accountability", "0016_what_children_and_families_said"),
        ("retention", "0004_a_period_for_what_children_said"),
    ]

    operations = [migrations.RunPython(add_triggers, drop_triggers)]
