
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_drafts'),
        ('documents', '0002_zone'),
        ('procurement', '0006_penalty_names_its_figure'),
        ('reporting', '0008_results_follow_the_freeze'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='closing',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'FROZEN')), fields=('contract', 'previous_sha256'), name='closing_chain_never_forks', violation_error_message='Un autre mois du contrat vient d’être arrêté.'),
        ),
        migrations.AddConstraint(
            model_name='neutralisation',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__month', models.F('last_day__month')), ('first_day__year', models.F('last_day__year'))), name='neutralisation_in_a_month', violation_error_message='Les jours neutralisés sont ceux d’un seul mois.'),
        ),
    ]
