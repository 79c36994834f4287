import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("beneficiaries", "0001_name_search"),
        ("documents", "0001_initial"),
        ("procurement", "0003_contracts"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Beneficiary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_name", models.CharField(max_length=100, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=100, verbose_name="nom")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("created_at", models.DateTimeField(verbose_name="connu depuis")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="beneficiary",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="effacé le")),
                (
                    "kept_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="gardé à sa demande le"),
                ),
                ("restricted_at", models.DateTimeField(blank=True, null=True, verbose_name="gelé le")),
                (
                    "warned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="prévenu de l’effacement le"),
                ),
                (
                    "contact_proved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="contact confirmé le"),
                ),
                (
                    "email_verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="adresse confirmée le"),
                ),
                (
                    "phone_verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="téléphone confirmé le"),
                ),
                (
                    "known_through",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="suivi chez",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="beneficiaries.beneficiary",
                        verbose_name="réuni à",
                    ),
                ),
            ],
            options={
                "verbose_name": "bénéficiaire",
                "indexes": [
                    models.Index(django.db.models.functions.text.Lower("email"), name="beneficiary_email"),
                    models.Index(
                        models.Func(
                            "phone",
                            output_field=models.CharField(),
                            template="right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 9)",
                        ),
                        condition=models.Q(("phone__gt", "")),
                        name="beneficiary_phone_tail",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            models.Func(
                                "first_name",
                                "last_name",
                                function="beneficiaries_searched_name",
                                output_field=models.TextField(),
                            ),
                            name="gin_trgm_ops",
                        ),
                        name="beneficiary_name_trgm",
                    ),
                    models.Index(
                        models.F("created_at"),
                        condition=models.Q(("erased_at__isnull", True)),
                        name="beneficiary_kept",
                    ),
                    models.Index(
                        models.F("phone"),
                        condition=models.Q(("phone_verified_at__isnull", False)),
                        name="beneficiary_proved_phone",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("email__endswith", "@efface.invalid"),
                                ("first_name", "Personne"),
                                ("last_name", "effacée"),
                                ("phone", ""),
                            ),
                            _connector="OR",
                        ),
                        name="beneficiary_erased_is_nobody",
                        violation_error_message="Une personne effacée n’a plus d’identité.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email__gt", ""),
                            ("phone__gt", ""),
                            ("known_through__isnull", False),
                            _connector="OR",
                        ),
                        name="beneficiary_reachable",
                        violation_error_message="Une personne a une adresse ou un téléphone.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email_verified_at__isnull", True), ("email__gt", ""), _connector="OR"),
                            models.Q(
                                ("phone_verified_at__isnull", True),
                                ("phone__regex", "^0[67]( [0-9]{2}){4}$"),
                                _connector="OR",
                            ),
                        ),
                        name="beneficiary_proved_contact_known",
                        violation_error_message="Un contact confirmé est une adresse, ou un mobile français.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user__isnull", True), ("email__gt", ""), _connector="OR"),
                        name="beneficiary_account_has_address",
                        violation_error_message="Un compte s’ouvre avec une adresse électronique.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="beneficiary_not_merged_into_self",
                        violation_error_message="On ne réunit pas un dossier à lui-même.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="merged_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.merged_into_id IS NULL THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS NOT NULL AND OLD.merged_into_id <> NEW.merged_into_id THEN\n        RAISE EXCEPTION 'the person is merged already'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_once';\n    END IF;\n    PERFORM FROM beneficiaries_beneficiary\n    WHERE id = NEW.merged_into_id AND merged_into_id IS NULL FOR NO KEY UPDATE;\n    IF NOT FOUND OR EXISTS (SELECT FROM beneficiaries_beneficiary WHERE merged_into_id = NEW.id) THEN\n        RAISE EXCEPTION 'merges make no chain'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'beneficiary_merged_no_chain';\n    END IF;\n    RETURN NEW;\n",
                            hash="113816c4eef2ccf68b61c6f97f6aad1166a01fa5",
                            operation='INSERT OR UPDATE OF "merged_into_id"',
                            pgid="pgtrigger_merged_once_cf6e8",
                            table="beneficiaries_beneficiary",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="new_email_unproved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.email IS DISTINCT FROM NEW.email AND OLD.email_verified_at IS NOT DISTINCT FROM NEW.email_verified_at)",
                            func="NEW.email_verified_at = NULL; RETURN NEW;",
                            hash="8090920e36c8f53316e56fdea88a185a489fafde",
                            operation="UPDATE",
                            pgid="pgtrigger_new_email_unproved_0b850",
                            table="beneficiaries_beneficiary",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="new_phone_unproved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.phone IS DISTINCT FROM NEW.phone AND OLD.phone_verified_at IS NOT DISTINCT FROM NEW.phone_verified_at)",
                            func="NEW.phone_verified_at = NULL; RETURN NEW;",
                            hash="8c9a79a25e7b6b305ed5f2e31f771ccff281a8c8",
                            operation="UPDATE",
                            pgid="pgtrigger_new_phone_unproved_97ff5",
                            table="beneficiaries_beneficiary",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPreferences",
            fields=[
                (
                    "beneficiary",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact_preferences",
                        serialize=False,
                        to="beneficiaries.beneficiary",
                    ),
                ),
                ("by_email", models.BooleanField(default=True, verbose_name="par courriel")),
                ("by_sms", models.BooleanField(default=True, verbose_name="par SMS")),
                ("discreet", models.BooleanField(default=True, verbose_name="textes discrets")),
                (
                    "contact_hours",
                    models.CharField(
                        choices=[
                            ("ANY", "À toute heure de la journée"),
                            ("BEFORE_9", "Avant 9 heures"),
                            ("LUNCH", "Entre midi et 14 heures"),
                            ("AFTER_18", "Après 18 heures"),
                        ],
                        default="ANY",
                        max_length=10,
                        verbose_name="heures où me joindre",
                    ),
                ),
                ("reminders", models.BooleanField(default=True, verbose_name="rappels")),
                ("changed_at", models.DateTimeField(verbose_name="choisies le")),
            ],
            options={
                "verbose_name": "préférences de contact",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by_email", True), ("by_sms", True), _connector="OR"),
                        name="contact_some_way",
                        violation_error_message="Gardez une façon de vous écrire.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reference", models.CharField(max_length=16, unique=True, verbose_name="référence")),
                ("requested_at", models.DateTimeField(db_index=True, verbose_name="demandée le")),
                (
                    "situation",
                    models.CharField(
                        choices=[
                            ("EMPLOYEE", "Salarié du privé (CDI, CDD, intérim, apprentissage)"),
                            ("SELF_EMPLOYED", "Indépendant, artisan, commerçant, profession libérale"),
                            ("EXECUTIVE", "Cadre"),
                            ("JOB_SEEKER", "En recherche d’emploi"),
                            ("YOUNG_OUTSIDE", "Moins de 26 ans, ni en emploi ni en formation"),
                            ("DISABLED_WORKER", "Travailleur handicapé en emploi"),
                            ("PUBLIC_AGENT", "Agent public"),
                        ],
                        max_length=20,
                        verbose_name="situation",
                    ),
                ),
                (
                    "commune_basis",
                    models.CharField(
                        choices=[("HOME", "Où j’habite"), ("WORK", "Où je travaille")],
                        max_length=4,
                        verbose_name="commune",
                    ),
                ),
                (
                    "access_needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("STEP_FREE", "Accès sans marche"),
                                ("SIGN_LANGUAGE", "Langue des signes"),
                                ("EASY_TO_READ", "Documents faciles à lire"),
                                ("PHONE_RELAY", "Relais téléphonique"),
                                ("INTERPRETER", "Interprète"),
                                ("COMPANION", "Venir accompagné"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        verbose_name="besoins d’accès",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("REGISTERED", "enregistrée"),
                            ("SCHEDULED", "rendez-vous pris"),
                            ("SERVED", "personne reçue"),
                        ],
                        default="REGISTERED",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "attestation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storeddocument",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_requests",
                        to="beneficiaries.beneficiary",
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
                        related_name="service_requests",
                        to="procurement.contract",
                    ),
                ),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("TAKE_STOCK", "Faire le point sur ma situation"),
                                ("CHANGE_JOB", "Changer de métier ou de secteur"),
                                ("TRAINING", "Me former, valider mon expérience"),
                                ("CREATE_BUSINESS", "Créer ou reprendre une entreprise"),
                                ("RESIGN_TO_RETRAIN", "Démissionner pour me reconvertir"),
                                ("GROW", "Évoluer dans mon entreprise"),
                                ("OTHER", "Autre chose, ou je ne sais pas encore"),
                            ],
                            max_length=20,
                        ),
                        verbose_name="besoins",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("NO_HURRY", "Rien ne presse"),
                            ("WITHIN_MONTH", "J’aimerais avancer dans le mois"),
                            ("RESIGNATION", "Je compte démissionner"),
                            ("CONTRACT_END", "Mon contrat se termine"),
                            ("DISMISSAL", "Un licenciement est annoncé"),
                        ],
                        default="NO_HURRY",
                        max_length=20,
                        verbose_name="urgence",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^[0-9A-HJKMNP-TV-Z]{12}$")),
                        name="request_reference_shape",
                        violation_error_message="Une référence compte 12 caractères.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "needs__contained_by",
                                [
                                    "TAKE_STOCK",
                                    "CHANGE_JOB",
                                    "TRAINING",
                                    "CREATE_BUSINESS",
                                    "RESIGN_TO_RETRAIN",
                                    "GROW",
                                    "OTHER",
                                ],
                            ),
                            ("needs__len__gt", 0),
                        ),
                        name="request_needs_known",
                        violation_error_message="Une demande a au moins un besoin de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "urgency__in",
                                ["NO_HURRY", "WITHIN_MONTH", "RESIGNATION", "CONTRACT_END", "DISMISSAL"],
                            )
                        ),
                        name="request_urgency_known",
                        violation_error_message="L’urgence est dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "access_needs__contained_by",
                                [
                                    "STEP_FREE",
                                    "SIGN_LANGUAGE",
                                    "EASY_TO_READ",
                                    "PHONE_RELAY",
                                    "INTERPRETER",
                                    "COMPANION",
                                ],
                            )
                        ),
                        name="request_access_needs_known",
                        violation_error_message="Les besoins d’accès sont dans la liste.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="9014c5bb77f831ee4f73931b72a49411dd3f269f",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_ddde4",
                            table="beneficiaries_servicerequest",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="facts_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."situation" IS DISTINCT FROM (NEW."situation") OR OLD."commune_id" IS DISTINCT FROM (NEW."commune_id") OR OLD."commune_basis" IS DISTINCT FROM (NEW."commune_basis") OR OLD."needs" IS DISTINCT FROM (NEW."needs") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."access_needs" IS DISTINCT FROM (NEW."access_needs") OR OLD."contract_id" IS DISTINCT FROM (NEW."contract_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="ceabbe5649793e29d6bf7f2c81d708e9edb45a06",
                            operation="UPDATE",
                            pgid="pgtrigger_facts_fixed_974c5",
                            table="beneficiaries_servicerequest",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="person_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT DISTINCT FROM NEW.beneficiary_id THEN\n        RETURN NEW;\n    END IF;\n    IF TG_OP = 'UPDATE' AND OLD.beneficiary_id IS NOT NULL THEN\n        IF EXISTS (\n            SELECT FROM beneficiaries_beneficiary\n            WHERE (id, merged_into_id) IN (\n                (OLD.beneficiary_id, NEW.beneficiary_id), (NEW.beneficiary_id, OLD.beneficiary_id)\n            )\n        ) THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'the person of % is set once', TG_TABLE_NAME;\n    END IF;\n    IF (\n        SELECT merged_into_id FROM beneficiaries_beneficiary WHERE id = NEW.beneficiary_id FOR KEY SHARE\n    ) IS NOT NULL THEN\n        RAISE EXCEPTION 'the person is merged into another'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_not_merged';\n    END IF;\n    RETURN NEW;\n",
                            hash="9aea41b86803c918e33a442720dedb80442a3e95",
                            operation='INSERT OR UPDATE OF "beneficiary_id"',
                            pgid="pgtrigger_person_stays_17b99",
                            table="beneficiaries_servicerequest",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_name", models.CharField(max_length=100, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=100, verbose_name="nom")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("code_hash", models.CharField(max_length=64)),
                ("sent_at", models.DateTimeField(verbose_name="envoyé le")),
                ("expires_at", models.DateTimeField(verbose_name="périmé après")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="utilisé le")),
                (
                    "service_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_codes",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("EMAIL", "courriel"), ("SMS", "SMS")],
                        default="EMAIL",
                        max_length=5,
                        verbose_name="voie",
                    ),
                ),
                (
                    "find_past",
                    models.BooleanField(default=False, verbose_name="retrouver le parcours précédent"),
                ),
            ],
            options={
                "verbose_name": "code à usage unique",
                "indexes": [
                    models.Index(fields=["email", "sent_at"], name="contact_code_email"),
                    models.Index(fields=["phone", "sent_at"], name="contact_code_phone"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "EMAIL"), ("email__contains", "@")),
                            models.Q(
                                ("channel", "SMS"), ("email", ""), ("phone__regex", "^0[67]( [0-9]{2}){4}$")
                            ),
                            _connector="OR",
                        ),
                        name="contact_code_fits_channel",
                        violation_error_message="Un code va à une adresse, ou par SMS à un mobile français.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                        name="contact_code_expires_after_sending",
                        violation_error_message="Un code périme après son envoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__lte", 5)),
                        name="contact_code_attempts_bounded",
                        violation_error_message="Trop d’essais.",
                    ),
                ],
            },
        ),
    ]
