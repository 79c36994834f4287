import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('operators', '0033_request_handling'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='requesthandling',
            trigger=pgtrigger.compiler.Trigger(name='file_open', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE untouchable boolean;', func="\n    SELECT restricted_at IS NOT NULL OR erased_at IS NOT NULL INTO untouchable FROM beneficiaries_beneficiary\n    WHERE id = ((SELECT beneficiary_id FROM beneficiaries_servicerequest WHERE id = NEW.service_request_id)) FOR KEY SHARE;\n    IF untouchable THEN\n        RAISE EXCEPTION 'the file of this person is frozen or erased: nothing is written in %', TG_TABLE_NAME\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_untouched';\n    END IF;\n    RETURN NEW;\n", hash='578e39fb6c7e0fd997ce1c018c323bf354eef51a', operation='INSERT', pgid='pgtrigger_file_open_8aec6', table='operators_requesthandling', when='BEFORE')),
        ),
    ]
