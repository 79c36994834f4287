from pathlib import Path

from django.db import migrations

# A copy of cep_portal/common/sql/portal_now.sql as it was then (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0003_portal_now.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Facts say from when they are known: the instant that they are given."""

    dependencies = [("common", "0002_sent_form")]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION portal_now()")]
