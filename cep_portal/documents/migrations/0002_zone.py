from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="storeddocument",
            name="zone",
            field=models.CharField(
                db_default="Europe/Paris",
                default="Europe/Paris",
                max_length=40,
                verbose_name="fuseau des heures imprimées",
            ),
        ),
    ]
