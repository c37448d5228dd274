"""The log, the schedule and approved lists stay as they are; only what two people approved is ever under way.

What is `under_way` is so inside one transaction alone. Trails that refuse to be deleted let go of a line while an item
is, and at no other moment: see `s11/retention/gate.py`.
"""

from django.db import migrations

from s11.retention.gate import add_triggers, drop_triggers


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_schedules_lists_and_their_log")]

    operations = [migrations.RunPython(add_triggers, drop_triggers)]
