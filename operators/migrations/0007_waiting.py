import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0002_request"),
        ("operators", "0006_person_elsewhere"),
        ("procurement", "0003_contracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("anywhere", models.BooleanField(default=False, verbose_name="dans tous les lieux")),
                (
                    "level",
                    models.CharField(
                        choices=[("ONE", "niveau 1"), ("TWO", "niveau 2")],
                        max_length=3,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "modes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ON_SITE", "sur place"),
                                ("PHONE", "par téléphone"),
                                ("VIDEO", "en visio"),
                            ],
                            max_length=10,
                        ),
                        verbose_name="modalités",
                    ),
                ),
                (
                    "hours",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("BEFORE_9", "Avant 9 h"),
                                ("LUNCH", "Entre midi et 14 h"),
                                ("AFTER_18", "Après 18 h"),
                                ("SATURDAY", "Le samedi"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        verbose_name="heures souhaitées",
                    ),
                ),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="à partir du")),
                ("created_at", models.DateTimeField(verbose_name="inscrite le")),
                ("queued_at", models.DateTimeField(verbose_name="à cette place depuis le")),
                (
                    "unanswered",
                    models.PositiveSmallIntegerField(default=0, verbose_name="propositions sans réponse"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "en attente"),
                            ("BOOKED", "rendez-vous pris"),
                            ("LEFT", "quittée par la personne"),
                            ("UNANSWERED", "propositions sans réponse"),
                        ],
                        default="WAITING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="procurement.contract",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_entries",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "place en liste d’attente",
                "verbose_name_plural": "liste d’attente",
                "indexes": [
                    models.Index(
                        models.F("contract"),
                        models.F("queued_at"),
                        condition=models.Q(("state", "WAITING")),
                        name="waiting_in_order",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "WAITING")),
                        fields=("service_request",),
                        name="waiting_one_place_a_request",
                        violation_error_message="Cette demande est déjà en liste d’attente.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("modes__contained_by", ["ON_SITE", "PHONE", "VIDEO"]),
                            ("modes__len__gt", 0),
                            ("hours__contained_by", ["BEFORE_9", "LUNCH", "AFTER_18", "SATURDAY"]),
                        ),
                        name="waiting_wish_known",
                        violation_error_message="Les souhaits sont dans les listes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "WAITING")),
                            models.Q(
                                models.Q(("state", "WAITING"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="waiting_ended_tells_when",
                        violation_error_message="Une place quittée dit quand.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{WAITING:BOOKED,WAITING:LEFT,WAITING:UNANSWERED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="3e3baa812fadd2d89aecf0629b937d786d9d2bb6",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_1122a",
                            table="operators_waitingentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="place_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."service_request_id" IS DISTINCT FROM (NEW."service_request_id") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d5d388c99c4c4e436855ec8a84d42ab11e548c18",
                            operation="UPDATE",
                            pgid="pgtrigger_place_is_whose_c42e9",
                            table="operators_waitingentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="cadff51ce295f4d0776ca7ce39218ac651f4af49",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_2aad6",
                            table="operators_waitingentry",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "other_adviser",
                    models.BooleanField(default=False, verbose_name="un autre conseiller convient"),
                ),
                ("created_at", models.DateTimeField(verbose_name="demandée le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ACTIVE", "active"),
                            ("MET", "rendez-vous avancé"),
                            ("ENDED", "retirée par la personne"),
                            ("OVER", "sans objet"),
                        ],
                        default="ACTIVE",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_alert",
                        to="operators.appointment",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_alerts",
                        to="beneficiaries.beneficiary",
                    ),
                ),
            ],
            options={
                "verbose_name": "alerte de place plus tôt",
                "verbose_name_plural": "alertes de place plus tôt",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "ACTIVE")),
                            models.Q(
                                models.Q(("state", "ACTIVE"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="alert_ended_tells_when",
                        violation_error_message="Une alerte close dit quand.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{ACTIVE:ENDED,ACTIVE:MET,ACTIVE:OVER,ENDED:ACTIVE}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="066dc355313e3e8485de16ce2803be741669403c",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_05cd3",
                            table="operators_earlieralert",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="alert_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="177f157c2e130c8b4ca26ae33278c37319b5ffb5",
                            operation="UPDATE",
                            pgid="pgtrigger_alert_is_whose_ba607",
                            table="operators_earlieralert",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="aee55d97fd79004bcaf069efea8eb5d752670426",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_a67e4",
                            table="operators_earlieralert",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlotOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="faite le")),
                ("expires_at", models.DateTimeField(verbose_name="valable jusqu’au")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "sans réponse encore"),
                            ("ACCEPTED", "acceptée"),
                            ("DECLINED", "refusée"),
                            ("EXPIRED", "restée sans réponse"),
                            ("WITHDRAWN", "retirée"),
                        ],
                        default="PENDING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                (
                    "alert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="operators.earlieralert",
                    ),
                ),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slot_offer",
                        to="operators.appointment",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slot_offers",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "booked",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.appointment",
                    ),
                ),
                (
                    "passed_on_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_on_to",
                        to="operators.slotoffer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="operators.waitingentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposition de créneau",
                "verbose_name_plural": "propositions de créneau",
                "indexes": [
                    models.Index(
                        models.F("expires_at"), condition=models.Q(("state", "PENDING")), name="offer_pending"
                    ),
                    models.Index(models.F("beneficiary"), models.F("made_at"), name="offer_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alert__isnull", True), ("entry__isnull", False)),
                            models.Q(("alert__isnull", False), ("entry__isnull", True)),
                            _connector="OR",
                        ),
                        name="offer_answers_one_wish",
                        violation_error_message="Une proposition répond à une attente ou à une alerte.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "PENDING")),
                        fields=("beneficiary",),
                        name="offer_one_pending_a_person",
                        violation_error_message="Cette personne a déjà une proposition en attente.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "PENDING")),
                            models.Q(
                                models.Q(("state", "PENDING"), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="offer_ended_tells_when",
                        violation_error_message="Une proposition close dit quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("booked__isnull", True), ("state", "ACCEPTED"), _connector="OR"),
                        name="offer_booked_when_accepted",
                        violation_error_message="Seule une proposition acceptée a un rendez-vous.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="offer_lasts",
                        violation_error_message="Une proposition dure un temps.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{PENDING:ACCEPTED,PENDING:DECLINED,PENDING:EXPIRED,PENDING:WITHDRAWN}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="8a680afdb884deee7bed6768674db7a4fc3362f8",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_dc18c",
                            table="operators_slotoffer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="offer_is_what",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."alert_id" IS DISTINCT FROM (NEW."alert_id") OR OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="b0df0bc065c82f8089dc41344ff88577eab7d0c8",
                            operation="UPDATE",
                            pgid="pgtrigger_offer_is_what_8bc35",
                            table="operators_slotoffer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="8a0c2dc16a66de5003d29e2e292b511bdba0cb5e",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_97b3a",
                            table="operators_slotoffer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="badab7ab5dd25dbf19a3f44de5c628c7cdf025a9",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_6b5a8",
                            table="operators_slotoffer",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
