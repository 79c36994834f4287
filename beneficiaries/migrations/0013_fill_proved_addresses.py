from django.db import migrations

# Until now a person existed only once a code had proved the address.
FILL = "UPDATE beneficiaries_beneficiary SET email_verified_at = created_at WHERE email > '' AND contact_proved_at IS NOT NULL"


class Migration(migrations.Migration):
    """The addresses known so far were all proved by a code."""

    dependencies = [("beneficiaries", "0012_proved_contacts")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
