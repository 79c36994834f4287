import cep_portal.common.marks
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('operators', '0035_facts_keep_their_past'),
        ('territories', '0003_place_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='pathwaysituation',
            name='changed_xid',
            field=cep_portal.common.marks.TransactionField(db_default=cep_portal.common.marks.PresentTransaction(), editable=False, verbose_name='écrit par'),
        ),
        migrations.AddIndex(
            model_name='pathwaysituation',
            index=models.Index(fields=['changed_xid', 'id'], name='situation_changed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pathwaysituation',
            trigger=pgtrigger.compiler.Trigger(name='written_by', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD.effective, OLD.replaced_at, OLD.status, OLD.profession, OLD.sector, OLD.diploma, OLD.employer_size, OLD.contract_type, OLD.department_id, OLD.changed_xid) IS DISTINCT FROM (NEW.effective, NEW.replaced_at, NEW.status, NEW.profession, NEW.sector, NEW.diploma, NEW.employer_size, NEW.contract_type, NEW.department_id, NEW.changed_xid))', func='NEW.changed_xid := pg_current_xact_id(); RETURN NEW;', hash='6921d7c174a7ceb4ce022ac52b6c7f164610c88d', operation='UPDATE', pgid='pgtrigger_written_by_36963', table='operators_pathwaysituation', when='BEFORE')),
        ),
    ]
