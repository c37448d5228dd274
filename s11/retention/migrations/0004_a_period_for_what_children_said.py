"""One more kind of record has a period. On SQLite the table of periods is made anew, so its rules are added again."""

from django.conf import settings
from django.db import migrations, models

from s11.retention.gate import add_period_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0009_exports_and_anonymising"),
        ("retention", "0003_certificates"),
        # What the rules of the trails ask is changed while they are off.
        ("s11", "0003_rules_make_way"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, add_period_triggers),
        migrations.RemoveConstraint(
            model_name="period",
            name="period_kind_known",
        ),
        migrations.AlterField(
            model_name="destructionentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meetings, minutes and letters"),
                    ("action", "Finished actions"),
                    ("audit", "Audits: answers and evidence"),
                    ("scorecard", "Scorecards of audits"),
                    ("survey", "What staff answered"),
                    ("voice", "What children and families said"),
                    ("mail", "E-mails that were sent"),
                    ("file", "Files made on request"),
                    ("evidence", "Evidence taken out of a library"),
                    ("removed", "Things that were removed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="destructionitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meetings, minutes and letters"),
                    ("action", "Finished actions"),
                    ("audit", "Audits: answers and evidence"),
                    ("scorecard", "Scorecards of audits"),
                    ("survey", "What staff answered"),
                    ("voice", "What children and families said"),
                    ("mail", "E-mails that were sent"),
                    ("file", "Files made on request"),
                    ("evidence", "Evidence taken out of a library"),
                    ("removed", "Things that were removed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="hold",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meetings, minutes and letters"),
                    ("action", "Finished actions"),
                    ("audit", "Audits: answers and evidence"),
                    ("scorecard", "Scorecards of audits"),
                    ("survey", "What staff answered"),
                    ("voice", "What children and families said"),
                    ("mail", "E-mails that were sent"),
                    ("file", "Files made on request"),
                    ("evidence", "Evidence taken out of a library"),
                    ("removed", "Things that were removed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="period",
            name="kind",
            field=models.CharField(
                choices=[
                    ("meeting", "Meetings, minutes and letters"),
                    ("action", "Finished actions"),
                    ("audit", "Audits: answers and evidence"),
                    ("scorecard", "Scorecards of audits"),
                    ("survey", "What staff answered"),
                    ("voice", "What children and families said"),
                    ("mail", "E-mails that were sent"),
                    ("file", "Files made on request"),
                    ("evidence", "Evidence taken out of a library"),
                    ("removed", "Things that were removed"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "meeting",
                            "action",
                            "audit",
                            "scorecard",
                            "survey",
                            "voice",
                            "mail",
                            "file",
                            "evidence",
                            "removed",
                        ],
                    )
                ),
                name="period_kind_known",
            ),
        ),
        migrations.RunPython(add_period_triggers, migrations.RunPython.noop),
    ]
