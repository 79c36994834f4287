import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0026_hold_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="groupplace",
            name="told_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("EMAIL", "courriel"), ("SMS", "SMS")], max_length=5),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="annulation écrite par",
            ),
        ),
        migrations.AddField(
            model_name="groupplace",
            name="reached_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="prévenu le"),
        ),
        migrations.AddField(
            model_name="groupplace",
            name="reached_way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PHONE", "par téléphone"),
                    ("LETTER", "par lettre"),
                    ("IN_PERSON", "de vive voix"),
                ],
                db_default="",
                default="",
                max_length=9,
                verbose_name="prévenu",
            ),
        ),
        migrations.AddField(
            model_name="groupplace",
            name="reached_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="groupplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reached_at__isnull", True), ("reached_by__isnull", True), ("reached_way", "")
                    ),
                    models.Q(
                        ("cancelled_by", "OPERATOR"),
                        ("reached_at__isnull", False),
                        ("reached_by__isnull", False),
                        ("reached_way__gt", ""),
                    ),
                    _connector="OR",
                ),
                name="group_place_reached_is_whole",
                violation_error_message="On ne prévient que d’une annulation du service.",
            ),
        ),
    ]
