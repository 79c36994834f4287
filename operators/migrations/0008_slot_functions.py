from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "0008_slots.sql").read_text(encoding="utf-8")
REVERSE = """
    DROP FUNCTION operators_slot_times;
    DROP FUNCTION operators_free_slots;
    DROP FUNCTION operators_slot_grid;
    DROP FUNCTION operators_is_free;
"""


class Migration(migrations.Migration):
    dependencies = [("operators", "0007_opening_requests")]

    operations = [migrations.RunSQL(SQL, REVERSE)]
