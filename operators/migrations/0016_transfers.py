import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0015_handovers_and_duplicates"),
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("MOVED", "La personne déménage"),
                            ("WORKPLACE", "Elle préfère être reçue près de son travail"),
                            ("ASKED", "Elle demande à changer"),
                            ("CONTRACT_ENDS", "Le contrat prend fin"),
                        ],
                        max_length=15,
                        verbose_name="motif",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PREPARED", "accord attendu"),
                            ("CONSENTED", "accord donné, à envoyer"),
                            ("SENT", "envoyé, réponse attendue"),
                            ("RECEIVED", "reçu"),
                            ("REFUSED", "refusé"),
                            ("WITHDRAWN", "retiré"),
                            ("EXPIRED", "sans suite, délai passé"),
                        ],
                        default="PREPARED",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "inventory_sha256",
                    models.CharField(max_length=64, verbose_name="empreinte de l’inventaire"),
                ),
                ("prepared_at", models.DateTimeField(verbose_name="préparé le")),
                ("expires_at", models.DateTimeField(verbose_name="sans suite après le")),
                ("consent_wording", models.CharField(blank=True, max_length=400, verbose_name="accord")),
                (
                    "consent_version",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="version de l’accord"
                    ),
                ),
                (
                    "consent_way",
                    models.CharField(
                        blank=True,
                        choices=[("SPACE", "dans l’espace personnel"), ("LINK", "par un lien et un code")],
                        max_length=10,
                        verbose_name="accord donné",
                    ),
                ),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="accord donné le")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="envoyé le")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="réponse du")),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_HERE", "Ce lieu n’est pas de notre contrat"),
                            ("PERSON_CHANGED", "La personne a changé d’avis"),
                            ("NOT_ENOUGH", "L’inventaire ne suffit pas : à préparer de nouveau"),
                        ],
                        max_length=15,
                        verbose_name="motif du refus",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PERSON", "la personne"),
                            ("ADVISER", "le conseiller"),
                            ("FILE", "le gel ou l’effacement du dossier"),
                        ],
                        max_length=10,
                        verbose_name="retiré par",
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="retiré ou sans suite le"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        related_name="+",
                        to="procurement.contract",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="operators.pathway",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.adviser",
                    ),
                ),
                (
                    "received_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers_received",
                        to="operators.pathway",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "transfert",
                "indexes": [
                    models.Index(
                        models.F("expires_at"),
                        condition=models.Q(("state__in", ("PREPARED", "CONSENTED", "SENT"))),
                        name="transfer_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("PREPARED", "CONSENTED", "SENT"))),
                        fields=("pathway",),
                        name="transfer_one_open",
                        violation_error_message="Un transfert de ce parcours est déjà en cours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("consent_version__isnull", True),
                                ("consent_way", ""),
                                ("consent_wording", ""),
                                ("consented_at__isnull", True),
                            ),
                            models.Q(
                                ("consent_version__isnull", False),
                                ("consent_way__in", ["SPACE", "LINK"]),
                                ("consent_wording__gt", ""),
                                ("consented_at__gte", models.F("prepared_at")),
                                ("consented_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_consent_whole",
                        violation_error_message="Un accord a ses mots, sa version, sa voie et son instant.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consented_at__isnull", True), ("state", "PREPARED")),
                            models.Q(
                                ("consented_at__isnull", False),
                                ("state__in", ("CONSENTED", "SENT", "RECEIVED", "REFUSED")),
                            ),
                            ("state__in", ("WITHDRAWN", "EXPIRED")),
                            _connector="OR",
                        ),
                        name="transfer_nothing_without_consent",
                        violation_error_message="Rien n’est transmis sans l’accord de la personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(
                                ("consented_at__isnull", False),
                                ("sent_at__gte", models.F("consented_at")),
                                ("sent_at__isnull", False),
                                ("sent_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_sent_after_consent",
                        violation_error_message="On envoie après l’accord.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("state__in", ("PREPARED", "CONSENTED"))),
                            models.Q(
                                ("sent_at__isnull", False), ("state__in", ("SENT", "RECEIVED", "REFUSED"))
                            ),
                            ("state__in", ("WITHDRAWN", "EXPIRED")),
                            _connector="OR",
                        ),
                        name="transfer_state_sent",
                        violation_error_message="L’état et l’envoi d’un transfert ne vont pas ensemble.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__gte", models.F("sent_at")),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("received_by__isnull", False),
                                ("received_in__isnull", False),
                                ("refusal", ""),
                                ("state", "RECEIVED"),
                            ),
                            models.Q(
                                ("answered_at__gte", models.F("sent_at")),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("received_by__isnull", True),
                                ("received_in__isnull", True),
                                ("refusal__in", ["NOT_HERE", "PERSON_CHANGED", "NOT_ENOUGH"]),
                                ("state", "REFUSED"),
                            ),
                            models.Q(
                                models.Q(("state__in", ("RECEIVED", "REFUSED")), _negated=True),
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("received_by__isnull", True),
                                ("received_in__isnull", True),
                                ("refusal", ""),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_state_answered",
                        violation_error_message="Une réponse dit laquelle, de qui et quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", "WITHDRAWN"),
                                ("withdrawn_by__in", ["PERSON", "ADVISER", "FILE"]),
                            ),
                            models.Q(
                                ("ended_at__gte", models.F("expires_at")),
                                ("ended_at__isnull", False),
                                ("state", "EXPIRED"),
                                ("withdrawn_by", ""),
                            ),
                            models.Q(
                                models.Q(("state__in", ("WITHDRAWN", "EXPIRED")), _negated=True),
                                ("ended_at__isnull", True),
                                ("withdrawn_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_state_ended",
                        violation_error_message="Un transfert arrêté dit quand et par qui.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("prepared_at"))),
                        name="transfer_lasts",
                        violation_error_message="Un transfert dure un temps.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ef8b6ad7de1ea11ef3dada36b9123e9bfda79093",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_26b41",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{PREPARED:CONSENTED,PREPARED:EXPIRED,PREPARED:WITHDRAWN,CONSENTED:EXPIRED,CONSENTED:SENT,CONSENTED:WITHDRAWN,SENT:EXPIRED,SENT:RECEIVED,SENT:REFUSED,SENT:WITHDRAWN}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="3aa9c609f32049645e5413a3beebef342d593cf8",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_5cbf2",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="shown_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."pathway_id" IS DISTINCT FROM (NEW."pathway_id") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."inventory_sha256" IS DISTINCT FROM (NEW."inventory_sha256") OR OLD."prepared_at" IS DISTINCT FROM (NEW."prepared_at") OR OLD."prepared_by_id" IS DISTINCT FROM (NEW."prepared_by_id") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="72f82107c448882bad7a11ab4e542ab553f9e7dc",
                            operation="UPDATE",
                            pgid="pgtrigger_shown_fixed_bcfc9",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="consent_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.consented_at IS NOT NULL AND (OLD.consented_at, OLD.consent_wording, OLD.consent_version, OLD.consent_way) IS DISTINCT FROM (NEW.consented_at, NEW.consent_wording, NEW.consent_version, NEW.consent_way))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c588fccbb8b124cd4eda02bb86286a12b23927c5",
                            operation="UPDATE",
                            pgid="pgtrigger_consent_fixed_7d151",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="begins_prepared",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.state <> 'PREPARED')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="b184cf5667f5234ef125abad3525e3e9bc42a8f7",
                            operation="INSERT",
                            pgid="pgtrigger_begins_prepared_86034",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="received_by_whom_it_was_for",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.state = 'RECEIVED')",
                            func="\n                    IF NOT EXISTS (\n                        SELECT FROM operators_pathway there, operators_pathway former,\n                            operators_adviser adviser, operators_site site\n                        WHERE there.id = NEW.received_in_id AND former.id = NEW.pathway_id\n                        AND there.beneficiary_id = former.beneficiary_id\n                        AND there.contract_id = NEW.contract_id\n                        AND adviser.id = NEW.received_by_id AND site.id = adviser.site_id\n                        AND site.contract_id = NEW.contract_id\n                    ) THEN\n                        RAISE EXCEPTION 'received_by_whom_it_was_for: same person, the contract agreed to'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ",
                            hash="8d3ea608e0192eaf687681b81b5e61e1c331d17e",
                            operation="UPDATE",
                            pgid="pgtrigger_received_by_whom_it_was_for_d5475",
                            table="operators_transfer",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SITUATION", "Situation"),
                            ("SESSIONS", "Séances"),
                            ("PLAN", "Plan d’action"),
                            ("SUMMARY", "Document de synthèse"),
                            ("FILE", "Fichier"),
                            ("NOTES", "Notes d’entretien"),
                        ],
                        max_length=10,
                        verbose_name="ce que c’est",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("title", models.CharField(blank=True, max_length=160, verbose_name="intitulé")),
                ("content", models.JSONField(blank=True, default=dict, verbose_name="contenu")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte")),
                ("is_agreed", models.BooleanField(blank=True, null=True, verbose_name="accepté")),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.attachment",
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.summarydocument",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="operators.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "élément d’un transfert",
                "verbose_name_plural": "éléments de transferts",
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "position"), name="transfer_item_one_a_rank"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "FILE"), ("attachment__isnull", False), ("summary__isnull", True)
                            ),
                            models.Q(
                                ("kind", "SUMMARY"), ("attachment__isnull", True), ("summary__isnull", False)
                            ),
                            models.Q(
                                models.Q(("kind__in", ("FILE", "SUMMARY")), _negated=True),
                                ("attachment__isnull", True),
                                ("summary__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_item_bytes_of",
                        violation_error_message="Un fichier ou une synthèse nomme ce qui est copié.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="transfer_item_digest_hexadecimal",
                        violation_error_message="L’empreinte compte 64 chiffres hexadécimaux.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="8bdd59579b6bb06b7a7379144085cb821b24733b",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_af889",
                            table="operators_transferitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="item_is_what",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."transfer_id" IS DISTINCT FROM (NEW."transfer_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."attachment_id" IS DISTINCT FROM (NEW."attachment_id") OR OLD."summary_id" IS DISTINCT FROM (NEW."summary_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d590e5e8cd2d7c81435285a3dc73c10eb05f4c11",
                            operation="UPDATE",
                            pgid="pgtrigger_item_is_what_b13c0",
                            table="operators_transferitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_only_erased",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((OLD.title <> NEW.title AND NEW.title <> '') OR (OLD.content <> NEW.content AND NEW.content <> '{}'::jsonb))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="b2a148e02e113355fc31f60ecc7dc6df43d306d5",
                            operation="UPDATE",
                            pgid="pgtrigger_words_only_erased_33f23",
                            table="operators_transferitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="fixed_once_answered",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF (TG_OP = 'INSERT' OR NEW.is_agreed IS DISTINCT FROM OLD.is_agreed) AND NOT EXISTS (\n                        SELECT FROM operators_transfer transfer\n                        WHERE transfer.id = NEW.transfer_id AND transfer.state = 'PREPARED'\n                    ) THEN\n                        RAISE EXCEPTION 'fixed_once_answered: an inventory agreed to never changes'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ",
                            hash="c215af8a2a61afc8c93750e50cb8f61722ee48f7",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_fixed_once_answered_72c15",
                            table="operators_transferitem",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferAppointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_kept", models.BooleanField(verbose_name="gardé")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.appointment",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="operators.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendez-vous d’un transfert",
                "verbose_name_plural": "rendez-vous de transferts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("transfer", "appointment"), name="transfer_appointment_once"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5e7d49d0ed7e325008b3ada37c9f8713170a93fa",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b6a79",
                            table="operators_transferappointment",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
