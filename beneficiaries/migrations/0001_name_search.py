from pathlib import Path

from django.db import migrations

# A copy of beneficiaries/request/sql/searched_name.sql as it was then (docs/adr/0046).
SQL = (Path(__file__).parent / "sql" / "0001_searched_name.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """People are found by name whatever the accents: the index of the next migration needs the function."""

    initial = True

    dependencies = [("accounts", "0001_initial")]  # the extension unaccent

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION beneficiaries_searched_name(text, text)")]
