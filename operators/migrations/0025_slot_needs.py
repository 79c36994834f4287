from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent / "sql"
FORMER = """
    DROP FUNCTION operators_slot_times;
    DROP FUNCTION operators_free_slots;
    DROP FUNCTION operators_slot_grid;
"""
# A copy of operators/booking/agenda/sql/slots.sql as it was then: the present text is there (docs/adr/0046).
SQL = FORMER + (FOLDER / "0025_slots.sql").read_text(encoding="utf-8")
REVERSE = FORMER + (FOLDER / "0004_slots.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """No phone hour for who signs without a relay, no room too far to come to."""

    dependencies = [("operators", "0024_corrections_and_withdrawals")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
