import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0004_penalties'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='ruleset',
            name='approved_params_frozen',
        ),
        migrations.RemoveConstraint(
            model_name='penalty',
            name='penalty_three_mandates',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='penalty',
            trigger=pgtrigger.compiler.Trigger(name='decided_by_another_person', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_under_id" IS NOT NULL)', func="\n    IF EXISTS (\n        SELECT FROM accounts_mandate AS decides\n        JOIN accounts_mandate AS earlier ON earlier.user_id = decides.user_id\n        WHERE decides.id = NEW.decided_under_id\n            AND earlier.id IN (NEW.notified_under_id, NEW.observed_under_id)\n    ) THEN\n        RAISE EXCEPTION 'decided_by_another_person: who notified or observed a penalty does not decide it'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='4c0c36b9fc1f648fc983874222714e9d1dd92ae8', operation='INSERT OR UPDATE OF "decided_under_id"', pgid='pgtrigger_decided_by_another_person_7f12f', table='procurement_penalty', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='never_back', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{APPROVED:RETIRED,DRAFT:APPROVED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='db363a4414f63ca90ed329283a07810b6641832b', operation='UPDATE', pgid='pgtrigger_never_back_0a6ea', table='procurement_ruleset', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='approved_rules_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'DRAFT' AND ROW(OLD.code, OLD.version, OLD.params, OLD.legal_reference, OLD.valid_from) IS DISTINCT FROM ROW(NEW.code, NEW.version, NEW.params, NEW.legal_reference, NEW.valid_from))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='82017cbe12664ee2c3a5e83da309b5d7fa94b4a2', operation='UPDATE', pgid='pgtrigger_approved_rules_frozen_a5e5f', table='procurement_ruleset', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleset',
            trigger=pgtrigger.compiler.Trigger(name='approved_rules_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'APPROVED\', \'RETIRED\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bb8afc5d4a8ac535d306edc9b4c6f65f5405ed10', operation='DELETE', pgid='pgtrigger_approved_rules_kept_e2ab2', table='procurement_ruleset', when='BEFORE')),
        ),
    ]
