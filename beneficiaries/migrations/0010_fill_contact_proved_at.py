from django.db import migrations

FILL = "UPDATE beneficiaries_beneficiary SET contact_proved_at = created_at WHERE contact_proved_at IS NULL"


class Migration(migrations.Migration):
    """Until now everybody was known by a code they had copied."""

    dependencies = [("beneficiaries", "0009_contact_proved_at")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
