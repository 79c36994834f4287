from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SpareEntry",
            fields=[
                ("key", models.CharField(max_length=300, primary_key=True, serialize=False, verbose_name="clé")),
                ("value", models.BinaryField(null=True, verbose_name="valeur")),
                ("number", models.BigIntegerField(null=True, verbose_name="compte")),
                ("expires_at", models.DateTimeField(db_index=True, null=True, verbose_name="périmé le")),
            ],
            options={"verbose_name": "entrée de secours"},
        ),
    ]
