from pathlib import Path

from django.db import migrations

# A copy of cep_portal/common/sql/portal_settled.sql as it was then (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0004_portal_settled.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """What is counted at an instant and counted again later is the same, whoever was still writing."""

    dependencies = [("common", "0003_portal_now")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION portal_settled(timestamptz)")]
