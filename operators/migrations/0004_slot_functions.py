from pathlib import Path

from django.db import migrations

# A copy of operators/booking/agenda/sql/slots.sql as it was then: the present text is there (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0004_slots.sql").read_text(encoding="utf-8")
REVERSE = """
    DROP FUNCTION operators_slot_times;
    DROP FUNCTION operators_free_slots;
    DROP FUNCTION operators_slot_grid;
    DROP FUNCTION operators_is_free;
"""


class Migration(migrations.Migration):
    """Slots, computed by the database."""

    dependencies = [("operators", "0003_appointments")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
