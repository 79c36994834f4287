import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0009_pathways"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PathwaySituation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="période")),
                (
                    "reasons",
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
                        verbose_name="ce qui amène",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EMPLOYEE", "Salarié du privé"),
                            ("EXECUTIVE", "Cadre du privé"),
                            ("SELF_EMPLOYED", "Indépendant, artisan, commerçant, profession libérale"),
                            ("PUBLIC_AGENT", "Agent public"),
                            ("IN_TRAINING", "En formation"),
                            ("JOB_SEEKER", "En recherche d’emploi"),
                            ("NOT_WORKING", "Ni en emploi, ni en formation"),
                        ],
                        max_length=20,
                        verbose_name="statut",
                    ),
                ),
                (
                    "contract_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CDI", "Contrat à durée indéterminée (secteur privé)"),
                            ("FPT", "Titulaire de la fonction publique"),
                            ("CDD", "Contrat à durée déterminée, saisonnier"),
                            ("INT", "Intérim"),
                            ("AID", "Emploi aidé"),
                            ("APP", "Alternance (apprentissage, professionnalisation), stage rémunéré"),
                            ("IND", "Travailleur indépendant (dont micro-entrepreneur)"),
                            ("EMP", "Employeur, gérant, chef d’entreprise"),
                            ("AFA", "Aide familial, conjoint collaborateur"),
                            ("AUT", "Autre situation"),
                        ],
                        max_length=10,
                        verbose_name="contrat",
                    ),
                ),
                (
                    "profession",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "Agriculteurs exploitants",
                                [
                                    ("11", "Agriculteurs sur petite exploitation"),
                                    ("12", "Agriculteurs sur moyenne exploitation"),
                                    ("13", "Agriculteurs sur grande exploitation"),
                                ],
                            ),
                            (
                                "Artisans, commerçants et chefs d’entreprise",
                                [
                                    ("21", "Artisans"),
                                    ("22", "Commerçants et assimilés"),
                                    ("23", "Chefs d’entreprise de 10 salariés ou plus"),
                                ],
                            ),
                            (
                                "Cadres et professions intellectuelles supérieures",
                                [
                                    ("31", "Professions libérales"),
                                    ("33", "Cadres de la fonction publique"),
                                    ("34", "Professeurs, professions scientifiques"),
                                    ("35", "Professions de l’information, des arts et des spectacles"),
                                    ("37", "Cadres administratifs et commerciaux d’entreprise"),
                                    ("38", "Ingénieurs et cadres techniques d’entreprise"),
                                ],
                            ),
                            (
                                "Professions intermédiaires",
                                [
                                    ("42", "Professeurs des écoles, instituteurs et assimilés"),
                                    ("43", "Professions intermédiaires de la santé et du travail social"),
                                    ("44", "Clergé, religieux"),
                                    (
                                        "45",
                                        "Professions intermédiaires administratives de la fonction publique",
                                    ),
                                    (
                                        "46",
                                        "Professions intermédiaires administratives et commerciales des entreprises",
                                    ),
                                    ("47", "Techniciens"),
                                    ("48", "Contremaîtres, agents de maîtrise"),
                                ],
                            ),
                            (
                                "Employés",
                                [
                                    ("52", "Employés civils et agents de service de la fonction publique"),
                                    ("53", "Policiers et militaires"),
                                    ("54", "Employés administratifs d’entreprise"),
                                    ("55", "Employés de commerce"),
                                    ("56", "Personnels des services directs aux particuliers"),
                                ],
                            ),
                            (
                                "Ouvriers",
                                [
                                    ("62", "Ouvriers qualifiés de type industriel"),
                                    ("63", "Ouvriers qualifiés de type artisanal"),
                                    ("64", "Chauffeurs"),
                                    (
                                        "65",
                                        "Ouvriers qualifiés de la manutention, du magasinage et du transport",
                                    ),
                                    ("67", "Ouvriers non qualifiés de type industriel"),
                                    ("68", "Ouvriers non qualifiés de type artisanal"),
                                    ("69", "Ouvriers agricoles"),
                                ],
                            ),
                        ],
                        max_length=10,
                        verbose_name="profession",
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NAF2.A", "Agriculture, sylviculture et pêche"),
                            ("NAF2.B", "Industries extractives"),
                            ("NAF2.C", "Industrie manufacturière"),
                            (
                                "NAF2.D",
                                "Production et distribution d’électricité, de gaz, de vapeur et d’air conditionné",
                            ),
                            (
                                "NAF2.E",
                                "Production et distribution d’eau ; assainissement, gestion des déchets et dépollution",
                            ),
                            ("NAF2.F", "Construction"),
                            ("NAF2.G", "Commerce ; réparation d’automobiles et de motocycles"),
                            ("NAF2.H", "Transports et entreposage"),
                            ("NAF2.I", "Hébergement et restauration"),
                            ("NAF2.J", "Information et communication"),
                            ("NAF2.K", "Activités financières et d’assurance"),
                            ("NAF2.L", "Activités immobilières"),
                            ("NAF2.M", "Activités spécialisées, scientifiques et techniques"),
                            ("NAF2.N", "Activités de services administratifs et de soutien"),
                            ("NAF2.O", "Administration publique"),
                            ("NAF2.P", "Enseignement"),
                            ("NAF2.Q", "Santé humaine et action sociale"),
                            ("NAF2.R", "Arts, spectacles et activités récréatives"),
                            ("NAF2.S", "Autres activités de services"),
                            (
                                "NAF2.T",
                                "Activités des ménages en tant qu’employeurs ; activités indifférenciées des ménages en tant que producteurs de biens et services pour usage propre",
                            ),
                            ("NAF2.U", "Activités extra-territoriales"),
                        ],
                        max_length=10,
                        verbose_name="secteur",
                    ),
                ),
                (
                    "employer_size",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0", "0 salarié"),
                            ("1-9", "1 à 9 salariés"),
                            ("10-49", "10 à 49 salariés"),
                            ("50-249", "50 à 249 salariés"),
                            ("250-4999", "250 à 4 999 salariés"),
                            ("5000+", "5 000 salariés ou plus"),
                        ],
                        max_length=10,
                        verbose_name="taille de l’employeur",
                    ),
                ),
                (
                    "diploma",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("0", "Sans diplôme"),
                            ("1", "Niveau 1 – savoirs de base"),
                            ("2", "Niveau 2"),
                            ("3", "Niveau 3 – CAP, BEP"),
                            ("4", "Niveau 4 – Baccalauréat"),
                            ("5", "Niveau 5 – Bac +2"),
                            ("6", "Niveau 6 – Bac +3/+4"),
                            ("7", "Niveau 7 – Bac +5"),
                            ("8", "Niveau 8 – Doctorat"),
                        ],
                        max_length=10,
                        verbose_name="diplôme",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="écrite le")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="remplacée le")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.department",
                        verbose_name="département de travail",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="situations",
                        to="operators.pathway",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
                    ),
                ),
            ],
            options={
                "verbose_name": "situation",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        expressions=[("pathway", "="), ("effective", "&&")],
                        name="situation_one_a_day",
                        violation_error_message="Une seule situation est vraie à la fois.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effective__isempty", False), ("effective__lower_inf", False)),
                        name="situation_starts_some_day",
                        violation_error_message="Une situation commence un jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reasons__contained_by",
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
                            ("reasons__len__gt", 0),
                        ),
                        name="situation_reasons_known",
                        violation_error_message="Indiquez au moins une raison de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_at__isnull", True),
                            ("replaced_at__gte", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="situation_replaced_after",
                        violation_error_message="Une situation est remplacée après avoir été écrite.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "",
                                    "EMPLOYEE",
                                    "EXECUTIVE",
                                    "SELF_EMPLOYED",
                                    "PUBLIC_AGENT",
                                    "IN_TRAINING",
                                    "JOB_SEEKER",
                                    "NOT_WORKING",
                                ],
                            )
                        ),
                        name="situation_status_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "profession__in",
                                [
                                    "",
                                    "11",
                                    "12",
                                    "13",
                                    "21",
                                    "22",
                                    "23",
                                    "31",
                                    "33",
                                    "34",
                                    "35",
                                    "37",
                                    "38",
                                    "42",
                                    "43",
                                    "44",
                                    "45",
                                    "46",
                                    "47",
                                    "48",
                                    "52",
                                    "53",
                                    "54",
                                    "55",
                                    "56",
                                    "62",
                                    "63",
                                    "64",
                                    "65",
                                    "67",
                                    "68",
                                    "69",
                                ],
                            )
                        ),
                        name="situation_profession_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sector__in",
                                [
                                    "",
                                    "NAF2.A",
                                    "NAF2.B",
                                    "NAF2.C",
                                    "NAF2.D",
                                    "NAF2.E",
                                    "NAF2.F",
                                    "NAF2.G",
                                    "NAF2.H",
                                    "NAF2.I",
                                    "NAF2.J",
                                    "NAF2.K",
                                    "NAF2.L",
                                    "NAF2.M",
                                    "NAF2.N",
                                    "NAF2.O",
                                    "NAF2.P",
                                    "NAF2.Q",
                                    "NAF2.R",
                                    "NAF2.S",
                                    "NAF2.T",
                                    "NAF2.U",
                                ],
                            )
                        ),
                        name="situation_sector_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("diploma__in", ["", "0", "1", "2", "3", "4", "5", "6", "7", "8"])
                        ),
                        name="situation_diploma_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("employer_size__in", ["", "0", "1-9", "10-49", "50-249", "250-4999", "5000+"])
                        ),
                        name="situation_employer_size_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "contract_type__in",
                                ["", "CDI", "FPT", "CDD", "INT", "AID", "APP", "IND", "EMP", "AFA", "AUT"],
                            )
                        ),
                        name="situation_contract_type_known",
                        violation_error_message="Cette réponse n’est pas dans la liste.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="kept_as_recorded",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."pathway_id" IS DISTINCT FROM (NEW."pathway_id") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="baa3079d7bb70a900b4172730ee107f0969c222a",
                            operation="UPDATE",
                            pgid="pgtrigger_kept_as_recorded_e9fd0",
                            table="operators_pathwaysituation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="words_only_erased",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN ((OLD.profession <> NEW.profession AND NEW.profession <> '') OR (OLD.sector <> NEW.sector AND NEW.sector <> '') OR (OLD.diploma <> NEW.diploma AND NEW.diploma <> '') OR (OLD.employer_size <> NEW.employer_size AND NEW.employer_size <> '') OR (OLD.contract_type <> NEW.contract_type AND NEW.contract_type <> '') OR (OLD.department_id IS DISTINCT FROM NEW.department_id AND NEW.department_id IS NOT NULL))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="74c17e37362edc060c05d1b10a9abd014b42cc5f",
                            operation="UPDATE",
                            pgid="pgtrigger_words_only_erased_bdb39",
                            table="operators_pathwaysituation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="starts_for_good",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (lower(OLD.effective) <> lower(NEW.effective))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="76e193b3f4993f4987df8186314123ed842a2425",
                            operation="UPDATE",
                            pgid="pgtrigger_starts_for_good_bb499",
                            table="operators_pathwaysituation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="replaced_for_good",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.replaced_at IS NOT NULL AND (OLD.replaced_at IS DISTINCT FROM NEW.replaced_at OR OLD.effective IS DISTINCT FROM NEW.effective))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="0d416ddfc57efb3b6028066763a4f6312855f6fc",
                            operation="UPDATE",
                            pgid="pgtrigger_replaced_for_good_24875",
                            table="operators_pathwaysituation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="d6b93d88eaf51ba3f873a15091fbfb714bf77123",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_ad310",
                            table="operators_pathwaysituation",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reasons", "Raisons"),
                                ("status", "Statut"),
                                ("contract_type", "Contrat"),
                                ("profession", "Profession"),
                                ("sector", "Secteur"),
                                ("employer_size", "Taille de l’employeur"),
                                ("department", "Département de travail"),
                                ("diploma", "Diplôme"),
                            ],
                            max_length=20,
                        ),
                        verbose_name="à corriger",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("CORRECTED", "corrigé"), ("KEPT", "laissé tel quel")],
                        max_length=10,
                        verbose_name="réponse",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="répondue le")),
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
                        related_name="rectifications",
                        to="operators.pathway",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande de rectification",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("pathway",),
                        name="rectification_one_open",
                        violation_error_message="Une demande est déjà en attente.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "parts__contained_by",
                                [
                                    "reasons",
                                    "status",
                                    "contract_type",
                                    "profession",
                                    "sector",
                                    "employer_size",
                                    "department",
                                    "diploma",
                                ],
                            ),
                            ("parts__len__gt", 0),
                        ),
                        name="rectification_parts_known",
                        violation_error_message="Dites ce qui est à corriger.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""), ("answered_at__isnull", True), ("answered_by__isnull", True)
                            ),
                            models.Q(
                                ("answer__in", ["CORRECTED", "KEPT"]),
                                ("answered_at__gte", models.F("asked_at")),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rectification_answered_whole",
                        violation_error_message="Une réponse est de quelqu’un, après la demande.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="answered_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.answered_at IS NOT NULL)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a5019d455d20def11e3f7a2232ddf5dedaebf238",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_answered_once_b8d5e",
                            table="operators_rectification",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
