import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("beneficiaries", "0002_request"),
        ("procurement", "0003_contracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=16, unique=True, verbose_name="référence")),
                ("received_at", models.DateTimeField(db_index=True, verbose_name="reçue le")),
                ("received_on", models.DateField(verbose_name="jour de réception")),
                ("answer_due_on", models.DateField(verbose_name="réponse attendue au plus tard le")),
                ("mediator_until_on", models.DateField(verbose_name="médiateur jusqu’au")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("DELAY", "Un délai trop long"),
                            ("WELCOME", "L’accueil ou le comportement"),
                            ("ACCESS", "L’accessibilité"),
                            ("SUPPORT", "L’accompagnement reçu"),
                            ("PRIVACY", "La confidentialité, mes données"),
                            ("OTHER", "Autre chose"),
                        ],
                        max_length=10,
                        verbose_name="sujet",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="réclamation")),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="prénom")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="nom")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("RECEIVED", "reçue"),
                            ("ANSWERED", "répondue"),
                            ("CONTESTED", "réponse contestée"),
                        ],
                        default="RECEIVED",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=4000, verbose_name="réponse")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="répondue le")),
                ("contested_at", models.DateTimeField(blank=True, null=True, verbose_name="contestée le")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="effacée le")),
                (
                    "answered_under",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mandate",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="procurement.contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "réclamation",
                "indexes": [
                    models.Index(
                        models.F("answer_due_on"),
                        condition=models.Q(("state", "RECEIVED")),
                        name="complaint_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^[0-9A-HJKMNP-TV-Z]{12}$")),
                        name="complaint_reference_shape",
                        violation_error_message="Une référence compte 12 caractères.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_due_on__gt", models.F("received_on")),
                            ("mediator_until_on__gt", models.F("answer_due_on")),
                        ),
                        name="complaint_clocks_ordered",
                        violation_error_message="Le mois de réponse précède la fin de l’année.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email__gt", ""), ("erased_at__isnull", True), ("text__gt", "")),
                            models.Q(
                                ("email", ""),
                                ("erased_at__isnull", False),
                                ("first_name", ""),
                                ("last_name", ""),
                                ("text", ""),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_written",
                        violation_error_message="Une réclamation est écrite, et a une adresse de réponse.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at__isnull", True),
                                ("answered_under__isnull", True),
                                ("state", "RECEIVED"),
                            ),
                            models.Q(
                                ("answered_at__gte", models.F("received_at")),
                                ("answered_under__isnull", False),
                                ("state__in", ("ANSWERED", "CONTESTED")),
                                models.Q(("answer__gt", ""), ("erased_at__isnull", False), _connector="OR"),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_answer_complete",
                        violation_error_message="Une réponse porte son texte, sa date et son auteur.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contested_at__gte", models.F("answered_at")), ("state", "CONTESTED")),
                            models.Q(
                                models.Q(("state", "CONTESTED"), _negated=True),
                                ("contested_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_contest_complete",
                        violation_error_message="Une réponse est contestée après avoir été reçue.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="f1b2112a519a6a003770b1d77b2a16347d0e4720",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_6d7f8",
                            table="beneficiaries_complaint",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="facts_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."received_on" IS DISTINCT FROM (NEW."received_on") OR OLD."answer_due_on" IS DISTINCT FROM (NEW."answer_due_on") OR OLD."mediator_until_on" IS DISTINCT FROM (NEW."mediator_until_on") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."topic" IS DISTINCT FROM (NEW."topic"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="8f18c382179c931b23152b326346f29abc41fc00",
                            operation="UPDATE",
                            pgid="pgtrigger_facts_fixed_eda15",
                            table="beneficiaries_complaint",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((NEW.text IS DISTINCT FROM OLD.text AND NEW.text <> '') OR (OLD.answer <> '' AND NEW.answer IS DISTINCT FROM OLD.answer AND NEW.answer <> ''))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="f13c46a3f8515e3a81a255221f3e8d56927b422f",
                            operation="UPDATE",
                            pgid="pgtrigger_words_fixed_3be4f",
                            table="beneficiaries_complaint",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
