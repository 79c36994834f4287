import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0010_situations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("is_from_person", models.BooleanField(verbose_name="ajouté par la personne")),
                ("file_name", models.CharField(max_length=120, verbose_name="nom")),
                ("media_type", models.CharField(max_length=80, verbose_name="type")),
                ("size_bytes", models.PositiveIntegerField(verbose_name="taille en octets")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte SHA-256")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="emplacement")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("HELD", "en attente de l’antivirus"),
                            ("CLEAN", "disponible"),
                            ("INFECTED", "refusé : virus"),
                            ("REMOVED", "retiré"),
                        ],
                        default="HELD",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="ajouté le")),
                ("scanned_at", models.DateTimeField(blank=True, null=True, verbose_name="vérifié le")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="retiré le")),
                (
                    "added_by",
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
                        related_name="attachments",
                        to="operators.pathway",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "HELD")), fields=["added_at"], name="attachment_held"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("removed_at__isnull", True), ("scanned_at__isnull", True), ("state", "HELD")
                            ),
                            models.Q(
                                ("removed_at__isnull", True),
                                ("scanned_at__isnull", False),
                                ("state__in", ["CLEAN", "INFECTED"]),
                            ),
                            models.Q(("removed_at__isnull", False), ("state", "REMOVED")),
                            _connector="OR",
                        ),
                        name="attachment_verdict",
                        violation_error_message="Un fichier porte la date de sa vérification ou de son retrait.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("path__gt", ""), ("state__in", ("HELD", "CLEAN"))),
                            models.Q(models.Q(("state__in", ("HELD", "CLEAN")), _negated=True), ("path", "")),
                            _connector="OR",
                        ),
                        name="attachment_bytes_while_kept",
                        violation_error_message="Un fichier refusé ou retiré n’a plus de contenu.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("path__gt", "")), fields=("path",), name="attachment_one_place"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("HELD", "CLEAN"))),
                        fields=("pathway", "sha256"),
                        name="attachment_once",
                        violation_error_message="Ce fichier est déjà là.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="attachment_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE _is_valid_transition BOOLEAN;",
                            func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{HELD:CLEAN,HELD:INFECTED,HELD:REMOVED,CLEAN:REMOVED,INFECTED:REMOVED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                            hash="8519bd8402e27ea0a7937dc1861ede5492887dc6",
                            operation="UPDATE",
                            pgid="pgtrigger_attachment_moves_9cc3c",
                            table="operators_attachment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="attachment_begins_held",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.state <> 'HELD')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="d1e2f1c2b355fc48d579f2f9ba7c1176d33cbcfd",
                            operation="INSERT",
                            pgid="pgtrigger_attachment_begins_held_10a0f",
                            table="operators_attachment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="attachment_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="cdc68d025c79878e80e81bd42e5066a344baf111",
                            operation="DELETE",
                            pgid="pgtrigger_attachment_stays_6e919",
                            table="operators_attachment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="attachment_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."pathway_id" IS DISTINCT FROM (NEW."pathway_id") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."is_from_person" IS DISTINCT FROM (NEW."is_from_person") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size_bytes" IS DISTINCT FROM (NEW."size_bytes"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="7020a8e910179a8e565b3b4de2bd9b327d650e89",
                            operation="UPDATE",
                            pgid="pgtrigger_attachment_is_whose_f48f8",
                            table="operators_attachment",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("written_at", models.DateTimeField(verbose_name="écrite le")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("key_id", models.CharField(blank=True, db_index=True, max_length=16, verbose_name="clé")),
                ("sealed", models.BinaryField(verbose_name="texte scellé")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="effacée le")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.adviser"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="operators.note",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="operators.pathway",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="operators.counsellingsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "note d’entretien",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects__isnull", True), ("version", 1)),
                            models.Q(("corrects__isnull", False), ("version__gt", 1)),
                            _connector="OR",
                        ),
                        name="note_version_corrects",
                        violation_error_message="Une correction nomme la version qu’elle corrige.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("erased_at__isnull", True),
                                ("key_id__regex", "^[0-9a-f]{16}$"),
                                ("sealed__gt", b""),
                            ),
                            models.Q(("erased_at__isnull", False), ("key_id", ""), ("sealed", b"")),
                            _connector="OR",
                        ),
                        name="note_sealed_or_erased",
                        violation_error_message="Une note est scellée, ou effacée.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="note_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="153c875b8c5a1ed62e1b380f062fe1b4d2bab20d",
                            operation="DELETE",
                            pgid="pgtrigger_note_stays_e2e0c",
                            table="operators_note",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="note_is_whose",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."pathway_id" IS DISTINCT FROM (NEW."pathway_id") OR OLD."session_id" IS DISTINCT FROM (NEW."session_id") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="3cfba1953cf43e5a4590c4cbc5859a9c177ccc2c",
                            operation="UPDATE",
                            pgid="pgtrigger_note_is_whose_022d5",
                            table="operators_note",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="note_as_written",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.sealed IS DISTINCT FROM OLD.sealed AND NEW.key_id = OLD.key_id OR OLD.erased_at IS NOT NULL)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="fec72759d85b60d5b8df2ff7829e1b4ef76469e9",
                            operation="UPDATE",
                            pgid="pgtrigger_note_as_written_6464a",
                            table="operators_note",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="note_of_one_pathway",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (\n                        SELECT FROM operators_note former\n                        WHERE former.id = NEW.corrects_id AND former.pathway_id = NEW.pathway_id\n                        AND former.version = NEW.version - 1 AND former.erased_at IS NULL\n                    ) THEN\n                        RAISE EXCEPTION 'note_of_one_pathway: a correction follows a version of its pathway'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    IF NEW.session_id IS NOT NULL AND NOT EXISTS (\n                        SELECT FROM operators_counsellingsession held\n                        WHERE held.id = NEW.session_id AND held.pathway_id = NEW.pathway_id\n                    ) THEN\n                        RAISE EXCEPTION 'note_of_one_pathway: a note speaks of a session of its pathway'\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                    ",
                            hash="fc9714d7183f7846438491cbb35ccd2218364fef",
                            operation="INSERT",
                            pgid="pgtrigger_note_of_one_pathway_799d3",
                            table="operators_note",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="remises le")),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note_requests",
                        to="operators.pathway",
                    ),
                ),
                (
                    "released_by",
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
                "verbose_name": "demande de lecture des notes",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("pathway",),
                        name="note_request_one_open",
                        violation_error_message="Une demande est déjà en attente.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(
                                ("released_at__gte", models.F("asked_at")), ("released_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="note_request_released_by_somebody",
                        violation_error_message="Des notes remises le sont par quelqu’un, après la demande.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="released_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.released_at IS NOT NULL)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c72a96d6a1ce84483b70e9d3378f1982951501b2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_released_once_49a7b",
                            table="operators_noterequest",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WithheldNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("OTHER_PERSON", "elle livrerait la vie privée d’une autre personne"),
                            ("OTHER_SECRET", "elle livrerait un secret confié par quelqu’un d’autre"),
                        ],
                        max_length=15,
                        verbose_name="motif",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld",
                        to="operators.note",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld",
                        to="operators.noterequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "note non remise",
                "constraints": [
                    models.UniqueConstraint(fields=("request", "note"), name="note_withheld_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["OTHER_PERSON", "OTHER_SECRET"])),
                        name="note_withheld_for_a_reason",
                        violation_error_message="Une note n’est pas remise pour un motif de la liste.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="30ef59f772911589343d2682e05126b0b87de1ac",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b8296",
                            table="operators_withheldnote",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
