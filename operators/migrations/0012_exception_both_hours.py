from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """One hour without the other passed: a comparison with nothing is neither true nor false."""

    dependencies = [("operators", "0011_person_elsewhere")]

    operations = [
        migrations.RemoveConstraint(model_name="openingexception", name="opening_exception_closed_or_hours"),
        migrations.AddConstraint(
            model_name="openingexception",
            constraint=models.CheckConstraint(
                name="opening_exception_closed_or_hours",
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                violation_error_message="Donnez deux heures dans l’ordre, ou aucune pour fermer ce jour-là.",
            ),
        ),
    ]
