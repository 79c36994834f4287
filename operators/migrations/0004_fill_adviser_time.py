from django.db import migrations

FILL = """
    INSERT INTO operators_advisertime (adviser_id, period, source, expires_at)
    SELECT adviser_id, busy_period, uuid, CASE WHEN state = 'ON_HOLD' THEN hold_expires_at END
    FROM operators_appointment
    WHERE state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')
    ORDER BY id
"""


class Migration(migrations.Migration):
    """The time taken by the appointments that stand already; their trigger writes the rest."""

    dependencies = [("operators", "0003_adviser_time")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM operators_advisertime")]
