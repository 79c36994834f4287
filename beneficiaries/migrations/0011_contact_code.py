from django.db import migrations


class Migration(migrations.Migration):
    """A code goes to an address or a mobile: it is named after the contact it proves."""

    dependencies = [("beneficiaries", "0010_fill_contact_proved_at")]

    operations = [
        migrations.RenameModel("EmailCode", "ContactCode"),
        migrations.RenameIndex(
            model_name="contactcode", old_name="email_code_recent", new_name="contact_code_email"
        ),
    ]
