from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operators", "0021_webhooks")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="sent_sha256",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=64, verbose_name="empreinte de l’envoi"
            ),
        ),
    ]
