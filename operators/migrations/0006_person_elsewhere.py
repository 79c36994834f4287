from pathlib import Path

from django.db import migrations

# A copy of operators/booking/groups/sql/person_elsewhere.sql as it was then (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0006_person_elsewhere.sql").read_text(encoding="utf-8")
REVERSE = """
    DROP TRIGGER person_elsewhere ON operators_appointment;
    DROP FUNCTION operators_person_elsewhere();
"""


class Migration(migrations.Migration):
    """No booking over a place in a group session."""

    dependencies = [("operators", "0005_groups")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
