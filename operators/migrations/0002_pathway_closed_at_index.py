from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The survey's beat finds the pathways closed lately without reading the others."""

    atomic = False
    dependencies = [("operators", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="pathway",
            index=models.Index(
                condition=models.Q(("state", "CLOSED")),
                fields=["closed_at"],
                name="pathway_closed_at",
            ),
        ),
    ]
