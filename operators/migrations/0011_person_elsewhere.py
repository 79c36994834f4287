from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "0011_person_elsewhere.sql").read_text(encoding="utf-8")
REVERSE = """
    DROP TRIGGER person_elsewhere ON operators_appointment;
    DROP FUNCTION operators_person_elsewhere();
"""


class Migration(migrations.Migration):
    """No booking over a place in a group session."""

    dependencies = [("operators", "0010_group_sessions")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
