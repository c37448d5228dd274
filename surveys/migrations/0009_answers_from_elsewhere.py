from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0008_messages_and_moderation"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="is_from_elsewhere",
            field=models.BooleanField(default=False),
        ),
    ]
