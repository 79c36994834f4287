from django.db import migrations


class Migration(migrations.Migration):
    """Mandates carry a region code; accounts lies below, so the foreign key is added here (ADR 0003)."""

    dependencies = [("territories", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_mandate ADD CONSTRAINT mandate_region_exists"
            " FOREIGN KEY (region_code) REFERENCES territories_region (code)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE accounts_mandate DROP CONSTRAINT mandate_region_exists",
        ),
    ]
