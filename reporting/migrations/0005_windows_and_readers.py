from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0005_walls_of_people_and_rules'),
        ('reporting', '0004_files_untouched'),
        ('territories', '0003_place_names'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='kpivalue',
            name='kpi_period_starts_its_month',
        ),
        migrations.RemoveField(
            model_name='kpirun',
            name='masked_totals',
        ),
        migrations.RemoveField(
            model_name='kpirun',
            name='masking_threshold',
        ),
        migrations.AlterField(
            model_name='kpivalue',
            name='period_kind',
            field=models.CharField(choices=[('MONTH', 'mois'), ('QUART', 'trimestre'), ('YEAR', 'année'), ('SINCE', 'depuis janvier'), ('ROLL', '12 mois')], max_length=5, verbose_name='période'),
        ),
        migrations.AddConstraint(
            model_name='kpivalue',
            constraint=models.CheckConstraint(condition=models.Q(('period_starts_on__day', 1), models.Q(('period_kind__in', ['MONTH', 'ROLL']), models.Q(('period_kind', 'QUART'), ('period_starts_on__month__in', [1, 4, 7, 10])), models.Q(('period_kind__in', ['YEAR', 'SINCE']), ('period_starts_on__month', 1)), _connector='OR')), name='kpi_period_starts_its_month', violation_error_message='Une période est désignée par son premier jour.'),
        ),
        migrations.RemoveField(
            model_name='kpivalue',
            name='is_masked',
        ),
    ]
