import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("beneficiaries", "0002_request"),
        ("operators", "0007_waiting"),
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=100, verbose_name="qui demander")),
                ("phone", models.CharField(max_length=20, verbose_name="téléphone")),
                (
                    "call_hours",
                    models.CharField(
                        choices=[
                            ("ANY", "À toute heure de la journée"),
                            ("BEFORE_9", "Avant 9 heures"),
                            ("LUNCH", "Entre midi et 14 heures"),
                            ("AFTER_18", "Après 18 heures"),
                        ],
                        default="ANY",
                        max_length=10,
                        verbose_name="heures où appeler",
                    ),
                ),
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
                ("asked_at", models.DateTimeField(verbose_name="demandé le")),
                ("promised_on", models.DateField(verbose_name="promis pour le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DUE", "à rappeler"),
                            ("REACHED", "jointe"),
                            ("UNREACHED", "injoignable"),
                            ("DROPPED", "retirée par la personne"),
                            ("BOOKED", "rendez-vous pris entre-temps"),
                        ],
                        default="DUE",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="clos le")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "rappel promis",
                "indexes": [
                    models.Index(
                        models.F("promised_on"), condition=models.Q(("state", "DUE")), name="call_back_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DUE")),
                        fields=("service_request",),
                        name="call_back_one_due",
                        violation_error_message="Un rappel est déjà promis pour cette demande.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "DUE")),
                            models.Q(models.Q(("state", "DUE"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="call_back_ended_tells_when",
                        violation_error_message="Un rappel clos dit quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("modes__contained_by", ["ON_SITE", "PHONE", "VIDEO"]),
                            ("modes__len__gt", 0),
                            ("hours__contained_by", ["BEFORE_9", "LUNCH", "AFTER_18", "SATURDAY"]),
                        ),
                        name="call_back_wish_known",
                        violation_error_message="Les souhaits sont dans les listes.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{DUE:BOOKED,DUE:DROPPED,DUE:REACHED,DUE:UNREACHED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="8afc9b85cca2e95f2ceef398726b6621d1a352bd",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_9ebcd",
                            table="operators_callback",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="promise_kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."service_request_id" IS DISTINCT FROM (NEW."service_request_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="f88ba2e84a315057280c7801d2ba6c8792c1e5b7",
                            operation="UPDATE",
                            pgid="pgtrigger_promise_kept_61f0b",
                            table="operators_callback",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="essai")),
                ("tried_at", models.DateTimeField(verbose_name="appelée le")),
                ("reached", models.BooleanField(verbose_name="jointe")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call_back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="operators.callback",
                    ),
                ),
            ],
            options={
                "verbose_name": "essai d’appel",
                "constraints": [
                    models.UniqueConstraint(fields=("call_back", "number"), name="call_try_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="call_try_number_positive",
                        violation_error_message="Les essais se comptent à partir de 1.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="kept_as_made",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f6d2b121b3db5b9cc51bf0bb910a029dffdaa803",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_kept_as_made_dfe2d",
                            table="operators_calltry",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnmetDemand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("recorded_at", models.DateTimeField(db_index=True, verbose_name="dite le")),
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
                        verbose_name="heures",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("CALL_BACK", "demande à être rappelée"),
                            ("WAITING", "attend qu’une place se libère"),
                            ("TOLD", "a dit ce qui manque"),
                        ],
                        max_length=10,
                        verbose_name="suite",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unmet_demands",
                        to="procurement.contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "besoin non couvert",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("modes__contained_by", ["ON_SITE", "PHONE", "VIDEO"]),
                            ("modes__len__gt", 0),
                            ("hours__contained_by", ["BEFORE_9", "LUNCH", "AFTER_18", "SATURDAY"]),
                        ),
                        name="unmet_demand_wish_known",
                        violation_error_message="Les souhaits sont dans les listes.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="kept_as_said",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ffb6897e794f02bdb85f423510939b2549ab03d1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_kept_as_said_8e907",
                            table="operators_unmetdemand",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("ONE", "niveau 1"), ("TWO", "niveau 2")],
                        max_length=3,
                        verbose_name="niveau",
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
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                ("counted_on", models.DateField(verbose_name="comptée le")),
                ("counted_at", models.DateTimeField(verbose_name="comptée à")),
                ("waiting", models.PositiveIntegerField(verbose_name="personnes en attente")),
                ("free", models.PositiveIntegerField(verbose_name="créneaux libres")),
                (
                    "missing",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("waiting"), "-", models.F("free")
                        ),
                        output_field=models.IntegerField(),
                        verbose_name="à ouvrir",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "à ouvrir"),
                            ("MET", "satisfaite"),
                            ("CLOSED", "close sans ouverture"),
                        ],
                        default="OPEN",
                        max_length=6,
                        verbose_name="état",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="close le")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NO_ADVISER", "aucun conseiller disponible"),
                            ("ELSEWHERE", "les personnes sont reçues ailleurs ou autrement"),
                            ("CALLED", "les personnes ont été rappelées"),
                        ],
                        max_length=10,
                        verbose_name="motif",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_requests",
                        to="procurement.contract",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_requests",
                        to="operators.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande d’ouverture",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("contract", "site", "level", "mode"),
                        name="opening_request_one_live",
                        nulls_distinct=False,
                        violation_error_message="Une demande d’ouverture est déjà en cours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "MET"), ("waiting__lte", models.F("free"))),
                            models.Q(
                                models.Q(("state", "MET"), _negated=True), ("waiting__gt", models.F("free"))
                            ),
                            _connector="OR",
                        ),
                        name="opening_request_asks_for_some",
                        violation_error_message="Il manque des créneaux tant que la demande est ouverte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("reason", ""),
                                ("state", "OPEN"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", True),
                                ("reason", ""),
                                ("state", "MET"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("reason__gt", ""),
                                ("state", "CLOSED"),
                            ),
                            _connector="OR",
                        ),
                        name="opening_request_end_tells_who",
                        violation_error_message="Une demande close dit quand, par qui et pourquoi.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="b9aa86981f2f4ff1e7a248375350aa29c5768b6c",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_47c9e",
                            table="operators_openingrequest",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="subject_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="235c160af404647a966abf951abbd3bb3adba1ae",
                            operation="UPDATE",
                            pgid="pgtrigger_subject_fixed_f5335",
                            table="operators_openingrequest",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="over_is_over",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.state <> 'OPEN')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="7246298ed9ebe091c136511f650823ad2be28dc0",
                            operation="UPDATE",
                            pgid="pgtrigger_over_is_over_f11ee",
                            table="operators_openingrequest",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
