import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.expressions
from django.db import migrations

HELD_TIME = (
    "tsrange(starts_at AT TIME ZONE 'UTC',"
    " (starts_at AT TIME ZONE 'UTC') + make_interval(mins => duration_minutes::integer))"
)


def never_twice(name, owner, message):
    return migrations.AddConstraint(
        model_name="counsellingsession",
        constraint=django.contrib.postgres.constraints.ExclusionConstraint(
            expressions=[
                (owner, django.contrib.postgres.fields.ranges.RangeOperators.EQUAL),
                (
                    django.db.models.expressions.Func(template=HELD_TIME),
                    django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                ),
            ],
            name=name,
            violation_error_message=message,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("operators", "0022_attachment_sent_sha256")]

    operations = [
        migrations.RemoveConstraint(model_name="counsellingsession", name="session_unplanned_never_twice"),
        never_twice(
            "session_adviser_never_twice",
            "adviser",
            "Une autre séance de ce conseiller est déjà saisie à cette heure.",
        ),
        never_twice(
            "session_person_never_twice",
            "pathway",
            "Une autre séance de cette personne est déjà saisie à cette heure.",
        ),
    ]
