"""The unique index of each of these tables begins with the same column: the other was written and never needed.

Dropped by name, for SQLite would otherwise copy the whole table to change a column, and lose its triggers.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "surveys_answer_audit_id_763ac788": ("surveys_answer", "audit_id"),
    "surveys_answerchange_answer_id_ca157681": ("surveys_answerchange", "answer_id"),
    "surveys_profileanswer_audit_id_cc22173c": ("surveys_profileanswer", "audit_id"),
    "surveys_profilechange_answer_id_ad1c791b": ("surveys_profilechange", "answer_id"),
    "surveys_answerevidence_answer_id_2f53f676": ("surveys_answerevidence", "answer_id"),
    "surveys_moderation_answer_id_48e47707": ("surveys_moderation", "answer_id"),
}


def _refer(model: str, field: str, to: str, name: str, *, is_kept: bool = False) -> migrations.AlterField:
    on_delete = django.db.models.deletion.PROTECT if is_kept else django.db.models.deletion.CASCADE
    return migrations.AlterField(
        model,
        field,
        models.ForeignKey(db_index=False, on_delete=on_delete, related_name=name, to=f"surveys.{to}"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0024_when_records_were_destroyed"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")'
                )
                for name, (table, column) in INDEXES.items()
            ],
            state_operations=[
                _refer("answer", "audit", "audit", "answers"),
                _refer("answerchange", "answer", "answer", "changes"),
                _refer("profileanswer", "audit", "audit", "profile_answers"),
                _refer("profilechange", "answer", "profileanswer", "changes"),
                _refer("answerevidence", "answer", "answer", "evidence_links"),
                _refer("moderation", "answer", "answer", "moderations", is_kept=True),
            ],
        )
    ]
