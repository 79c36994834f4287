import uuid

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0002_request"),
        ("operators", "0004_slot_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("DISCOVER", "Découvrir le conseil en évolution professionnelle"),
                            ("RESIGN", "Démissionner pour se reconvertir"),
                            ("TRAINING", "Se former, faire valider son expérience"),
                            ("PROJECT", "Changer de métier : par où commencer"),
                        ],
                        max_length=10,
                        verbose_name="sujet",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("ON_SITE", "sur place"), ("PHONE", "par téléphone"), ("VIDEO", "en visio")],
                        max_length=10,
                        verbose_name="modalité",
                    ),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="réunion")),
                (
                    "busy_period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="temps pris"),
                ),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="places")),
                ("video_url", models.URLField(blank=True, max_length=300, verbose_name="lien de la visio")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "ouverte"), ("HELD", "tenue"), ("CANCELLED", "annulée")],
                        default="OPEN",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="ouverte le")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="annulée le")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="operators.adviser",
                    ),
                ),
                (
                    "second_adviser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_group_sessions",
                        to="operators.adviser",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "réunion d’information",
                "verbose_name_plural": "réunions d’information",
                "indexes": [
                    models.Index(
                        models.F("site"),
                        django.db.models.functions.text.Lower("period"),
                        name="group_session_site_start",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("busy_period__contains", models.F("period")),
                            ("period__isempty", False),
                            ("period__lower_inf", False),
                            ("period__upper_inf", False),
                        ),
                        name="group_session_period_bounded",
                        violation_error_message="Une réunion a un début et une fin, battement compris.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 2), ("capacity__lte", 100)),
                        name="group_session_capacity_sane",
                        violation_error_message="Une réunion compte de 2 à 100 places.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode__in", ("ON_SITE", "VIDEO")),
                            models.Q(
                                models.Q(("mode", "ON_SITE"), ("video_url", "")),
                                ("mode", "VIDEO"),
                                _connector="OR",
                            ),
                        ),
                        name="group_session_mode_known",
                        violation_error_message="Une réunion se tient sur place ou en visio.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_adviser__isnull", True),
                            models.Q(("second_adviser", models.F("adviser")), _negated=True),
                            _connector="OR",
                        ),
                        name="group_session_two_advisers_differ",
                        violation_error_message="Un binôme compte deux personnes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("state", "CANCELLED")),
                            models.Q(
                                models.Q(("state", "CANCELLED"), _negated=True),
                                ("cancelled_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="group_session_cancel_tells_when",
                        violation_error_message="Une réunion annulée dit quand.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="takes_time",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP <> 'INSERT' THEN\n        DELETE FROM operators_advisertime WHERE source = OLD.uuid;\n    END IF;\n    IF TG_OP <> 'DELETE' AND NEW.state <> 'CANCELLED' THEN\n        INSERT INTO operators_advisertime (adviser_id, period, source)\n        SELECT taken, NEW.busy_period, NEW.uuid\n        FROM unnest(ARRAY[NEW.adviser_id, NEW.second_adviser_id]) AS taken\n        WHERE taken IS NOT NULL;\n    END IF;\n    RETURN NULL;\n",
                            hash="4d9981c6c47a567fc375be6fd131fa713c70bcf0",
                            operation='INSERT OR DELETE OR UPDATE OF "state", "adviser_id", "second_adviser_id", "busy_period"',
                            pgid="pgtrigger_takes_time_ccb4d",
                            table="operators_groupsession",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="keeps_room",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.capacity < (\n        SELECT count(*) FROM operators_groupplace WHERE session_id = NEW.id AND state <> 'CANCELLED'\n    ) THEN\n        RAISE EXCEPTION 'more people have a place'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_session_keeps_room';\n    END IF;\n    RETURN NEW;\n",
                            hash="6b2b31cb32b74358cf2fd49ef179d44b12407a40",
                            operation='UPDATE OF "capacity"',
                            pgid="pgtrigger_keeps_room_7f4b8",
                            table="operators_groupsession",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="time_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."busy_period" IS DISTINCT FROM (NEW."busy_period") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="f9efe977f70430dfdbf96dee7e21e7ba810c3d3e",
                            operation="UPDATE",
                            pgid="pgtrigger_time_fixed_882c8",
                            table="operators_groupsession",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{OPEN:CANCELLED,OPEN:HELD,HELD:HELD}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="cec953ac1420b01072fff91d3e0e668a7f9cba36",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_40d73",
                            table="operators_groupsession",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("BOOKED", "inscrit"),
                            ("ATTENDED", "venu"),
                            ("NO_SHOW", "absent"),
                            ("CANCELLED", "annulé"),
                        ],
                        default="BOOKED",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("idempotency_key", models.UUIDField(unique=True)),
                ("booked_at", models.DateTimeField(verbose_name="inscrit le")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="annulé le")),
                (
                    "cancelled_by",
                    models.CharField(
                        blank=True,
                        choices=[("PERSON", "la personne"), ("OPERATOR", "le service")],
                        max_length=10,
                        verbose_name="annulé par",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_places",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_places",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="operators.groupsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "place de réunion",
                "verbose_name_plural": "places de réunion",
                "indexes": [models.Index(fields=["beneficiary", "state"], name="group_place_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "CANCELLED"), _negated=True),
                        fields=("session", "beneficiary"),
                        name="group_place_once_a_session",
                        violation_error_message="Vous êtes déjà inscrit à cette réunion.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__gt", ""),
                                ("state", "CANCELLED"),
                            ),
                            models.Q(
                                models.Q(("state", "CANCELLED"), _negated=True),
                                ("cancelled_at__isnull", True),
                                ("cancelled_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="group_place_cancel_tells_who",
                        violation_error_message="Une annulation dit qui et quand.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="has_room",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE session record;",
                            func="\n    IF NEW.state = 'CANCELLED' OR (TG_OP = 'UPDATE' AND OLD.state <> 'CANCELLED') THEN\n        RETURN NEW;\n    END IF;\n    SELECT capacity, period, state INTO session\n    FROM operators_groupsession WHERE id = NEW.session_id FOR NO KEY UPDATE;\n    IF session.state <> 'OPEN' THEN\n        RAISE EXCEPTION 'the session is not open'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_place_of_open_session';\n    END IF;\n    IF (\n        SELECT count(*) FROM operators_groupplace\n        WHERE session_id = NEW.session_id AND state <> 'CANCELLED' AND id <> NEW.id\n    ) >= session.capacity THEN\n        RAISE EXCEPTION 'the session is full'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_place_within_capacity';\n    END IF;\n    PERFORM FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR NO KEY UPDATE;\n    IF EXISTS (\n        SELECT FROM operators_appointment AS booked\n        WHERE booked.beneficiary_id = NEW.beneficiary_id\n            AND booked.state IN ('BOOKED', 'ATTENDED', 'NO_SHOW')\n            AND booked.period && session.period\n    ) OR EXISTS (\n        SELECT FROM operators_groupplace AS place\n        JOIN operators_groupsession AS other ON other.id = place.session_id\n        WHERE place.beneficiary_id = NEW.beneficiary_id\n            AND place.state <> 'CANCELLED'\n            AND place.id <> NEW.id\n            AND place.session_id <> NEW.session_id\n            AND other.period && session.period\n    ) THEN\n        RAISE EXCEPTION 'the person is already somewhere at that time'\n            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'group_place_person_never_twice';\n    END IF;\n    RETURN NEW;\n",
                            hash="58c2fe9da5d77ea2ac6f433a1857583e337a0a39",
                            operation='INSERT OR UPDATE OF "state", "session_id", "beneficiary_id"',
                            pgid="pgtrigger_has_room_8e8d8",
                            table="operators_groupplace",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="place_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."service_request_id" IS DISTINCT FROM (NEW."service_request_id") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5a82fdfca3beabf03f808c21985b2b93df32efe8",
                            operation="UPDATE",
                            pgid="pgtrigger_place_is_whose_46a63",
                            table="operators_groupplace",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="aa68a1dc9397280ff183587954b1955d100f1d8c",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_e1039",
                            table="operators_groupplace",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{BOOKED:ATTENDED,BOOKED:CANCELLED,BOOKED:NO_SHOW,ATTENDED:NO_SHOW,NO_SHOW:ATTENDED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="874c7d956f83420f41f193e7de713e14c8bd68c4",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_1cb0d",
                            table="operators_groupplace",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
