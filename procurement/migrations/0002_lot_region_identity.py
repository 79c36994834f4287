from django.db import migrations


class Migration(migrations.Migration):
    """The market and kind copied on a lot's region can never differ from the lot's own."""

    dependencies = [("procurement", "0001_tender")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE procurement_lotregion ADD CONSTRAINT lot_region_copies_its_lot"
            " FOREIGN KEY (lot_id, market_id, kind)"
            " REFERENCES procurement_lot (id, market_id, kind) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE procurement_lotregion DROP CONSTRAINT lot_region_copies_its_lot",
        ),
    ]
