from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("sent_at", models.DateTimeField(db_index=True, verbose_name="envoyé le")),
                ("location", models.CharField(blank=True, max_length=2000, verbose_name="page suivante")),
                ("said", models.JSONField(default=list, verbose_name="messages")),
            ],
            options={"verbose_name": "formulaire envoyé"},
        ),
    ]
