
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0006_penalty_names_its_figure'),
        ('reporting', '0007_closings'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('outcome', models.CharField(choices=[('MET', 'tenu'), ('MISSED', 'manqué'), ('NOT_SIGNIFICANT', 'non significatif'), ('NOT_APPLICABLE', 'sans objet'), ('REFUSED', 'sans clause'), ('FAILED', 'en échec')], max_length=20, verbose_name='résultat')),
                ('reason', models.CharField(max_length=300, verbose_name='motif')),
            ],
            options={
                'verbose_name': 'résultat d’un engagement',
            },
        ),
        migrations.RemoveConstraint(
            model_name='assessmentrun',
            name='assessment_month_is_first_day',
        ),
        migrations.AddField(
            model_name='commitmentresult',
            name='closing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='reporting.closing'),
        ),
        migrations.AddField(
            model_name='commitmentresult',
            name='penalty',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.penalty'),
        ),
        migrations.AddField(
            model_name='commitmentresult',
            name='value',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='reporting.frozenvalue'),
        ),
        migrations.AddField(
            model_name='commitmentresult',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='procurement.commitmentversion'),
        ),
        migrations.RemoveField(
            model_name='assessmentrun',
            name='kpi_run',
        ),
        migrations.RemoveField(
            model_name='assessmentrun',
            name='requested_under',
        ),
        migrations.AddConstraint(
            model_name='commitmentresult',
            constraint=models.UniqueConstraint(fields=('closing', 'version'), name='commitment_result_once'),
        ),
        migrations.AddConstraint(
            model_name='commitmentresult',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='commitment_result_says_why', violation_error_message='Un résultat dit son motif.'),
        ),
        migrations.AddConstraint(
            model_name='commitmentresult',
            constraint=models.CheckConstraint(condition=models.Q(('value__isnull', False), ('outcome__in', ['NOT_APPLICABLE', 'FAILED']), _connector='OR'), name='commitment_result_judged_on_a_figure', violation_error_message='On ne juge que sur un chiffre arrêté.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commitmentresult',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='04f238b673d573b163136cad569491cc3fdec383', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_edb88', table='reporting_commitmentresult', when='BEFORE')),
        ),
        migrations.DeleteModel(
            name='AssessmentRun',
        ),
    ]
