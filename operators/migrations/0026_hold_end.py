from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0025_slot_needs"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="hold_end",
            field=models.CharField(
                blank=True,
                choices=[
                    ("OVER", "délai passé"),
                    ("REPLACED", "autre créneau choisi"),
                    ("RELEASED", "rendu"),
                    ("WITHDRAWN", "horaire retiré par le service"),
                ],
                db_default="",
                max_length=9,
                verbose_name="fin de la retenue",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_end", ""), ("state", "EXPIRED"), _connector="OR"),
                name="appointment_hold_end_of_expired",
                violation_error_message="Seule une retenue finie a une raison de fin.",
            ),
        ),
    ]
