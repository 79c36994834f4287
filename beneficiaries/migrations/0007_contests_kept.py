from django.db import migrations

KEEP = """
    INSERT INTO beneficiaries_complaintcontest (complaint_id, contested_at, reason, answer)
    SELECT id, contested_at, '', '' FROM beneficiaries_complaint WHERE state = 'CONTESTED'
"""


class Migration(migrations.Migration):
    """An answer contested before reasons were kept: it may be answered again."""

    dependencies = [("beneficiaries", "0006_complaint_channels")]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
