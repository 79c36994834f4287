import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0013_summaries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferralDoor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("TRANSITIONS_PRO", "Transitions Pro"),
                            ("OPCO", "Opérateur de compétences (OPCO)"),
                            ("CPF", "Compte formation (CPF)"),
                            ("VAE", "Validation des acquis (VAE)"),
                            ("APEC", "Apec"),
                            ("FRANCE_TRAVAIL", "France Travail"),
                            ("CAP_EMPLOI", "Cap emploi"),
                            ("MISSION_LOCALE", "Mission locale"),
                            ("BUSINESS", "Création et reprise d’entreprise"),
                            ("SOCIAL", "Droits et aide sociale"),
                            ("HEALTH_AT_WORK", "Santé au travail"),
                            ("OTHER", "Autre"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="ce qu’on y trouve")),
                ("website", models.URLField(blank=True, verbose_name="site")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="courriel")),
                ("how", models.CharField(blank=True, max_length=300, verbose_name="comment s’y adresser")),
                (
                    "region_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        verbose_name="régions",
                    ),
                ),
                (
                    "department_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        verbose_name="départements",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="proposée")),
                ("updated_at", models.DateTimeField(verbose_name="mise à jour le")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "updated_by",
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
                "verbose_name": "porte d’orientation",
                "verbose_name_plural": "portes d’orientation",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        django.db.models.functions.text.Lower("name"),
                        django.db.models.functions.comparison.Coalesce("organisation_id", 0),
                        name="referral_door_once",
                        violation_error_message="Cette porte est déjà dans l’annuaire.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("website__gt", ""),
                            ("phone__gt", ""),
                            ("email__gt", ""),
                            ("how__gt", ""),
                            _connector="OR",
                        ),
                        name="referral_door_reachable",
                        violation_error_message="Dites comment s’adresser à cette porte.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="4f29f5dd9da33b4666ef14de510dc64311a9476e",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_09399",
                            table="operators_referraldoor",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DoorChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changée le")),
                ("values", models.JSONField(verbose_name="valeurs")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="operators.referraldoor",
                    ),
                ),
            ],
            options={
                "verbose_name": "changement d’une porte",
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="bae3980d5d54d3a7ba785ac89e69e638e8d6380c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_577d7",
                            table="operators_doorchange",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
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
                            ("FUND_TRAINING", "Financer une formation"),
                            ("RETRAIN", "Se reconvertir en gardant son contrat, ou après une démission"),
                            ("RECOGNISE", "Faire reconnaître son expérience"),
                            ("BUSINESS", "Créer ou reprendre une entreprise"),
                            ("FIND_JOB", "Chercher un emploi"),
                            ("OWN_SPECIALIST", "Être conseillé par un spécialiste de son statut"),
                            ("RIGHTS", "Connaître ses droits, trouver une aide"),
                            ("WORK_AND_HEALTH", "Travail et santé"),
                            ("OTHER", "Autre besoin"),
                        ],
                        max_length=20,
                        verbose_name="motif",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="précision")),
                ("transmitted", models.TextField(blank=True, verbose_name="ce qui est transmis")),
                ("consent_wording", models.CharField(max_length=400, verbose_name="accord")),
                ("consented_at", models.DateTimeField(verbose_name="accord donné le")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("MESSAGE", "message avec un lien"),
                            ("PERSON", "la personne s’y adresse elle-même"),
                        ],
                        max_length=10,
                        verbose_name="voie",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "sans réponse"),
                            ("ACCEPTED", "acceptée"),
                            ("REFUSED", "refusée"),
                            ("DONE", "personne reçue"),
                            ("WITHDRAWN", "retirée"),
                        ],
                        default="PENDING",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="réponse du")),
                (
                    "answered_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LINK", "le partenaire, par son lien"),
                            ("ADVISER", "le conseiller, qui l’a appris"),
                        ],
                        max_length=10,
                        verbose_name="réponse donnée par",
                    ),
                ),
                (
                    "answer_note",
                    models.CharField(blank=True, max_length=300, verbose_name="précision de la réponse"),
                ),
                (
                    "done_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="personne reçue, su le"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accord retiré le"),
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
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="operators.pathway",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "door",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="operators.referraldoor",
                    ),
                ),
            ],
            options={
                "verbose_name": "orientation",
                "indexes": [
                    models.Index(models.F("pathway"), models.F("sent_at"), name="referral_of_pathway"),
                    models.Index(
                        models.F("sent_at"), condition=models.Q(("state", "PENDING")), name="referral_pending"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consent_wording__gt", ""), ("consented_at__lte", models.F("sent_at"))
                        ),
                        name="referral_sent_with_consent",
                        violation_error_message="Rien n’est transmis sans l’accord de la personne.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("PENDING", "ACCEPTED"))),
                        fields=("pathway", "door"),
                        name="referral_one_open",
                        violation_error_message="Une orientation vers cette porte est déjà en cours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("done_at__isnull", True),
                                ("state", "PENDING"),
                                ("withdrawn_at__isnull", True),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("done_at__isnull", True),
                                ("state__in", ("ACCEPTED", "REFUSED")),
                                ("withdrawn_at__isnull", True),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("done_at__isnull", False),
                                ("state", "DONE"),
                                ("withdrawn_at__isnull", True),
                            ),
                            models.Q(
                                ("done_at__isnull", True),
                                ("state", "WITHDRAWN"),
                                ("withdrawn_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="referral_state_complete",
                        violation_error_message="L’état et les dates d’une orientation ne vont pas ensemble.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("answered_how", ""),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", True),
                                ("answered_how", "LINK"),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("answered_how", "ADVISER"),
                            ),
                            _connector="OR",
                        ),
                        name="referral_answer_has_author",
                        violation_error_message="Une réponse dit qui l’a donnée.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="1c1b3407d329290a5a3095624b4e69a48c5faff8",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_02e59",
                            table="operators_referral",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="state_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{PENDING:ACCEPTED,PENDING:DONE,PENDING:REFUSED,PENDING:WITHDRAWN,ACCEPTED:DONE,ACCEPTED:REFUSED,ACCEPTED:WITHDRAWN}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="19a30c5f16d1a4774e9f7be5aca8ff3bf7b45b88",
                            operation="UPDATE",
                            pgid="pgtrigger_state_moves_c581a",
                            table="operators_referral",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="agreement_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."door_id" IS DISTINCT FROM (NEW."door_id") OR OLD."consent_wording" IS DISTINCT FROM (NEW."consent_wording") OR OLD."consented_at" IS DISTINCT FROM (NEW."consented_at") OR OLD."way" IS DISTINCT FROM (NEW."way") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="766d14f4769b3786a646885529b933a66ada7a6c",
                            operation="UPDATE",
                            pgid="pgtrigger_agreement_fixed_d74bf",
                            table="operators_referral",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="text_only_blanked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((OLD.transmitted IS DISTINCT FROM NEW.transmitted AND NEW.transmitted <> '') OR (OLD.note IS DISTINCT FROM NEW.note AND NEW.note <> '') OR (OLD.reason IS DISTINCT FROM NEW.reason AND NEW.reason <> 'OTHER'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="892f5ddc22ada712e5c40f68bee6f37138e9d10c",
                            operation="UPDATE",
                            pgid="pgtrigger_text_only_blanked_962e2",
                            table="operators_referral",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
