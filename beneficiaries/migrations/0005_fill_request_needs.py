from django.db import migrations

FILL = "UPDATE beneficiaries_servicerequest SET needs = ARRAY[need]::varchar(20)[] WHERE needs = '{}'"
# The first need of the list stands for all: the former column held one.
BACK = "UPDATE beneficiaries_servicerequest SET need = needs[1] WHERE needs <> '{}'"


class Migration(migrations.Migration):
    """The one need of each known request becomes the first of its needs."""

    dependencies = [("beneficiaries", "0004_request_needs_and_urgency")]

    operations = [migrations.RunSQL(FILL, BACK)]
