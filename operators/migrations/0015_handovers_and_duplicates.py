import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("beneficiaries", "0002_request"),
        ("operators", "0014_referrals"),
    ]

    operations = [
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "alike",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("EMAIL", "même adresse électronique"),
                                ("PHONE", "même téléphone"),
                                ("NAME", "même nom"),
                                ("CLOSE_NAME", "noms proches"),
                                ("COMMUNE", "même commune"),
                            ],
                            max_length=12,
                        ),
                        verbose_name="en commun",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="ressemblance")),
                ("found_at", models.DateTimeField(verbose_name="vu le")),
                (
                    "state",
                    models.CharField(
                        choices=[("FOUND", "à regarder"), ("APART", "deux personnes")],
                        default="FOUND",
                        max_length=5,
                        verbose_name="état",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="dit le")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="beneficiaries.beneficiary",
                    ),
                ),
            ],
            options={
                "verbose_name": "doublon possible",
                "verbose_name_plural": "doublons possibles",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "first", "second"),
                        name="duplicate_pair_once",
                        violation_error_message="Ces deux dossiers sont déjà proposés.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="duplicate_pair_ordered",
                        violation_error_message="Un doublon compte deux personnes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "FOUND")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "APART"),
                            ),
                            _connector="OR",
                        ),
                        name="duplicate_pair_decided",
                        violation_error_message="Une décision dit qui et quand.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMerge",
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
                            ("SAID", "La personne me l’a dit"),
                            ("CHECKED", "Je l’ai vérifié avec elle au téléphone ou en face"),
                            ("OUR_ERROR", "Nous avons saisi deux fois la même personne"),
                        ],
                        max_length=10,
                        verbose_name="raison",
                    ),
                ),
                ("merged_at", models.DateTimeField(verbose_name="réunis le")),
                ("former", models.JSONField(blank=True, default=dict, verbose_name="avant")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="défait le")),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_absorbed",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_kept",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "undone_by",
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
                "verbose_name": "dossiers réunis",
                "verbose_name_plural": "dossiers réunis",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("absorbed",),
                        name="merge_absorbed_once",
                        violation_error_message="Ce dossier est déjà réuni à un autre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("absorbed")), _negated=True),
                        name="merge_two_people",
                        violation_error_message="On ne réunit pas un dossier à lui-même.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__gte", models.F("merged_at")), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="merge_undone_tells_who",
                        violation_error_message="Une réunion défaite dit qui et quand.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c6102ab5bd92ae470fdeb0ed53c029403835c1fa",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d90cc",
                            table="operators_personmerge",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="merge_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."kept_id" IS DISTINCT FROM (NEW."kept_id") OR OLD."absorbed_id" IS DISTINCT FROM (NEW."absorbed_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."merged_at" IS DISTINCT FROM (NEW."merged_at") OR OLD."merged_by_id" IS DISTINCT FROM (NEW."merged_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c335ef37b84bc577cb3e67402d38d55931a5387f",
                            operation="UPDATE",
                            pgid="pgtrigger_merge_is_whose_efba1",
                            table="operators_personmerge",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="undone_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."undone_at" IS NOT NULL AND OLD."undone_at" IS DISTINCT FROM (NEW."undone_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a5793618e8b64f75a1eea5256507968d9149479a",
                            operation="UPDATE",
                            pgid="pgtrigger_undone_once_0da25",
                            table="operators_personmerge",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MovedRows",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("model", models.CharField(max_length=80, verbose_name="table")),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), verbose_name="lignes"
                    ),
                ),
                ("former", models.JSONField(verbose_name="avant")),
                ("present", models.JSONField(verbose_name="après")),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_rows",
                        to="operators.personmerge",
                    ),
                ),
            ],
            options={
                "verbose_name": "lignes déplacées",
                "verbose_name_plural": "lignes déplacées",
                "constraints": [
                    models.UniqueConstraint(fields=("merge", "position"), name="moved_rows_in_order")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b218560943f1b5129c62fae91435d7f350da34c6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_33773",
                            table="operators_movedrows",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("batch", models.UUIDField(db_index=True, verbose_name="remise")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("FINAL", "définitivement"),
                            ("TEMPORARY", "jusqu’à un jour"),
                            ("UNTIL_BACK", "jusqu’au retour"),
                        ],
                        max_length=10,
                        verbose_name="durée",
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                ("handed_at", models.DateTimeField(verbose_name="confié le")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="repris le")),
                (
                    "colleague",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_taken",
                        to="operators.adviser",
                    ),
                ),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_given",
                        to="operators.adviser",
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="operators.pathway",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcours confié",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("kind__in", ("TEMPORARY", "UNTIL_BACK"))
                        ),
                        fields=("pathway",),
                        name="handover_lent_once",
                        violation_error_message="Ce parcours est déjà confié jusqu’à un jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "TEMPORARY"), ("until__isnull", False)),
                            models.Q(("kind", "UNTIL_BACK"), ("until__isnull", True)),
                            models.Q(("ended_at__isnull", True), ("kind", "FINAL"), ("until__isnull", True)),
                            _connector="OR",
                        ),
                        name="handover_until_when_temporary",
                        violation_error_message="Seul un parcours confié un temps a un dernier jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("former", models.F("colleague")), _negated=True),
                        name="handover_two_advisers",
                        violation_error_message="On confie un parcours à quelqu’un d’autre.",
                    ),
                ],
            },
        ),
    ]
