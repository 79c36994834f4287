from pathlib import Path

from django.db import migrations

# A copy of cep_portal/training/sql/portal_now.sql as it was then (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0003_portal_now.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The place’s clock is moved: so are the instants of its facts."""

    dependencies = [
        ("common", "0003_portal_now"),
        ("training", "0002_account_without_address"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
