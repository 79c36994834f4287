import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ("operators", "0023_sessions_never_twice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SessionCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former', models.JSONField(verbose_name='avant')),
                ('reason', models.CharField(blank=True, choices=[('ENTRY_ERROR', 'Erreur de saisie'), ('TIME', 'Heure ou durée à rectifier'), ('WORK_DONE', 'Niveau, modalité ou thèmes à rectifier'), ('ASKED', 'À la demande de la personne')], max_length=12, verbose_name='motif')),
                ('corrected_at', models.DateTimeField(verbose_name='corrigée le')),
                ('channel', models.CharField(choices=[('PAGE', 'page'), ('API', 'logiciel'), ('FILE', 'remontée')], max_length=5, verbose_name='voie')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
            ],
            options={
                'verbose_name': 'correction d’une séance',
            },
        ),
        migrations.RemoveConstraint(
            model_name='datadelivery',
            name='delivery_counts_add_up',
        ),
        migrations.AddField(
            model_name='datadelivery',
            name='remarks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), db_default=[], default=list, verbose_name='ce qui n’est pas lu'),
        ),
        migrations.AddField(
            model_name='datadelivery',
            name='withdrawn_count',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='retirées'),
        ),
        migrations.AddField(
            model_name='externalkey',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='retiré le'),
        ),
        migrations.AddConstraint(
            model_name='datadelivery',
            constraint=models.CheckConstraint(condition=models.Q(('line_count', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('new_count'), '+', models.F('changed_count')), '+', models.F('same_count')), '+', models.F('withdrawn_count')), '+', models.F('refused_count')))), name='delivery_counts_add_up', violation_error_message='Chaque ligne est prise, déjà connue ou refusée.'),
        ),
        migrations.AddField(
            model_name='sessioncorrection',
            name='corrected_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sessioncorrection',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='operators.counsellingsession'),
        ),
        migrations.AddConstraint(
            model_name='sessioncorrection',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', ''), ('channel', 'FILE'), _connector='OR'), name='session_correction_says_why', violation_error_message='Une correction dit pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='sessioncorrection',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('undone_at__gte', models.F('corrected_at')), _connector='OR'), name='session_correction_undone_after', violation_error_message='On n’annule qu’une correction faite.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sessioncorrection',
            trigger=pgtrigger.compiler.Trigger(name='facts_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."former" IS DISTINCT FROM (NEW."former") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."corrected_at" IS DISTINCT FROM (NEW."corrected_at") OR OLD."corrected_by_id" IS DISTINCT FROM (NEW."corrected_by_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='0a3f1fd8f8740bd797a5dc6635e021cf1576b482', operation='UPDATE', pgid='pgtrigger_facts_fixed_72908', table='operators_sessioncorrection', when='BEFORE')),
        ),
    ]
