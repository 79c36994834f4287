import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("documents", "0001_initial"),
        ("procurement", "0003_contracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Penalty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("month", models.DateField(verbose_name="mois constaté")),
                (
                    "measured",
                    models.DecimalField(decimal_places=4, max_digits=12, verbose_name="valeur constatée"),
                ),
                ("numerator", models.BigIntegerField(verbose_name="numérateur")),
                ("denominator", models.BigIntegerField(null=True, verbose_name="dénominateur")),
                (
                    "computed_amount_excl_tax",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="montant calculé HT"),
                ),
                ("trace", models.JSONField(verbose_name="calcul détaillé")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PROPOSED", "proposée"),
                            ("NOTIFIED", "notifiée pour observations"),
                            ("OBSERVED", "observations reçues"),
                            ("SILENT", "sans observation dans le délai"),
                            ("APPLIED", "appliquée"),
                            ("REDUCED", "réduite"),
                            ("WAIVED", "levée"),
                            ("DROPPED", "abandonnée avant notification"),
                        ],
                        default="PROPOSED",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposée le")),
                ("notified_at", models.DateTimeField(blank=True, null=True, verbose_name="notifiée le")),
                (
                    "observations_due_on",
                    models.DateField(blank=True, null=True, verbose_name="observations attendues jusqu’au"),
                ),
                (
                    "observed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="observations reçues le"),
                ),
                ("observations", models.TextField(blank=True, verbose_name="observations")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="décidée le")),
                (
                    "decided_amount_excl_tax",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="montant décidé HT",
                    ),
                ),
                ("reasons", models.TextField(blank=True, verbose_name="motifs")),
                (
                    "decided_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
                (
                    "decision_letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
                (
                    "notified_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
                (
                    "observed_under",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="procurement.commitmentversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "pénalité",
                "indexes": [models.Index(fields=["state", "month"], name="penalty_state_month")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "month"),
                        name="penalty_once_a_month",
                        violation_error_message="Une pénalité existe déjà pour cet engagement et ce mois.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("computed_amount_excl_tax__gt", 0)),
                        name="penalty_amount_positive",
                        violation_error_message="Le montant calculé est positif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notified_at__isnull", True), ("state__in", ["PROPOSED", "DROPPED"])),
                            models.Q(
                                models.Q(("state__in", ["PROPOSED", "DROPPED"]), _negated=True),
                                ("notified_at__isnull", False),
                                ("notified_under__isnull", False),
                                ("observations_due_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="penalty_notified_complete",
                        violation_error_message="Une pénalité notifiée porte sa date et son délai.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "OBSERVED"), _negated=True),
                                ("observations", ""),
                                ("observed_at__isnull", True),
                                ("observed_under__isnull", True),
                            ),
                            models.Q(
                                ("observed_at__isnull", False),
                                ("observed_under__isnull", False),
                                models.Q(("observations", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="penalty_observed_complete",
                        violation_error_message="Des observations portent leur date, leur auteur et leur texte.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("APPLIED", "REDUCED", "WAIVED")), _negated=True),
                            ("observed_at__isnull", False),
                            ("decided_at__date__gt", models.F("observations_due_on")),
                            _connector="OR",
                        ),
                        name="penalty_heard_before_decision",
                        violation_error_message="On ne décide qu’après les observations ou leur délai (INV-21).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state__in", ("APPLIED", "REDUCED", "WAIVED")), _negated=True),
                                ("decided_at__isnull", True),
                            ),
                            models.Q(
                                ("decided_amount_excl_tax__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_under__isnull", False),
                                ("state__in", ("APPLIED", "REDUCED", "WAIVED")),
                                models.Q(("reasons", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="penalty_decision_complete",
                        violation_error_message="Une décision porte son auteur, son montant et ses motifs.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("APPLIED", "REDUCED", "WAIVED")), _negated=True),
                            models.Q(("decided_amount_excl_tax", 0), ("state", "WAIVED")),
                            models.Q(
                                ("decided_amount_excl_tax", models.F("computed_amount_excl_tax")),
                                ("state", "APPLIED"),
                            ),
                            models.Q(
                                ("decided_amount_excl_tax__gt", 0),
                                ("decided_amount_excl_tax__lt", models.F("computed_amount_excl_tax")),
                                ("state", "REDUCED"),
                            ),
                            _connector="OR",
                        ),
                        name="penalty_decided_amount_fits",
                        violation_error_message="Le montant décidé ne correspond pas à la décision.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_under__isnull", True),
                            models.Q(
                                models.Q(("decided_under", models.F("notified_under")), _negated=True),
                                models.Q(
                                    ("observed_under__isnull", True),
                                    models.Q(("decided_under", models.F("observed_under")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="penalty_three_mandates",
                        violation_error_message="Chaque étape relève d’un mandat différent (INV-22).",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="90cf22eb03899277e13059dcfa62f8e4ad7b2227",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_338f8",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="facts_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."month" IS DISTINCT FROM (NEW."month") OR OLD."measured" IS DISTINCT FROM (NEW."measured") OR OLD."numerator" IS DISTINCT FROM (NEW."numerator") OR OLD."denominator" IS DISTINCT FROM (NEW."denominator") OR OLD."computed_amount_excl_tax" IS DISTINCT FROM (NEW."computed_amount_excl_tax") OR OLD."trace" IS DISTINCT FROM (NEW."trace") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="427c03b67dbcda7ea223c2fd08051cbe0d857c7d",
                            operation="UPDATE",
                            pgid="pgtrigger_facts_fixed_b91f8",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="state_follows_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{NOTIFIED:OBSERVED,NOTIFIED:SILENT,OBSERVED:APPLIED,OBSERVED:REDUCED,OBSERVED:WAIVED,PROPOSED:DROPPED,PROPOSED:NOTIFIED,SILENT:APPLIED,SILENT:REDUCED,SILENT:WAIVED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="f85b5c59f43c494af89649ca94beb445f322a6ee",
                            operation="UPDATE",
                            pgid="pgtrigger_state_follows_table_7b824",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="notified_is_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.notified_at IS NOT NULL AND ROW(OLD.notified_at, OLD.notified_under_id, OLD.observations_due_on, OLD.notice_id) IS DISTINCT FROM ROW(NEW.notified_at, NEW.notified_under_id, NEW.observations_due_on, NEW.notice_id))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="19f292c6335a433649e7c176da16b32ce8f8d5c5",
                            operation="UPDATE",
                            pgid="pgtrigger_notified_is_fixed_532af",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="observed_is_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.observed_at IS NOT NULL AND ROW(OLD.observed_at, OLD.observed_under_id, OLD.observations) IS DISTINCT FROM ROW(NEW.observed_at, NEW.observed_under_id, NEW.observations))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="8263b8a578435af1a2425f9719e3474a2d57e1aa",
                            operation="UPDATE",
                            pgid="pgtrigger_observed_is_fixed_16924",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="decided_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.state IN ('APPLIED', 'REDUCED', 'WAIVED', 'DROPPED') AND (OLD.decision_letter_id IS NOT NULL OR OLD.state IS DISTINCT FROM NEW.state))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d558c92450cdcc529e2591b48f475e166d74b3e2",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_is_final_73297",
                            table="procurement_penalty",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
