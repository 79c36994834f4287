import uuid

import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("operators", "0016_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssistedBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("ALOUD", "de vive voix"),
                            ("CODE", "par le code reçu"),
                            ("OPERATOR", "recueilli par l’opérateur"),
                        ],
                        max_length=10,
                        verbose_name="accord donné",
                    ),
                ),
                ("agreed_at", models.DateTimeField(verbose_name="accord donné le")),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assistance",
                        to="operators.appointment",
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "réservation accompagnée",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("consent__in", ["ALOUD", "CODE", "OPERATOR"])),
                        name="assisted_consent_known",
                        violation_error_message="L’accord est donné d’une des façons de la liste.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9f8d7e1f75f978c1b19266812adfa6d656a3a964",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3716e",
                            table="operators_assistedbooking",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome_agreed",
                    models.BooleanField(verbose_name="la personne accepte de dire si elle est venue"),
                ),
                ("agreed_at", models.DateTimeField(verbose_name="accord donné le")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accord retiré le"),
                ),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_booking",
                        to="operators.appointment",
                    ),
                ),
                (
                    "booked_by",
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
                    "present",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_follow_up",
                        to="operators.appointment",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendez-vous pris avec un partenaire",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("outcome_agreed", True), _connector="OR"
                        ),
                        name="partner_withdraws_what_was_agreed",
                        violation_error_message="On ne retire qu’un accord donné.",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="3ec855406fa0094f6cde6dca628c3bebe657961a",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_7e527",
                            table="operators_partnerbooking",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="agreement_fixed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."uuid" IS DISTINCT FROM (NEW."uuid") OR OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."booked_by_id" IS DISTINCT FROM (NEW."booked_by_id") OR OLD."outcome_agreed" IS DISTINCT FROM (NEW."outcome_agreed") OR OLD."agreed_at" IS DISTINCT FROM (NEW."agreed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="46466d0fd41ab42fe7857b4cfb56bfc6085b0f0c",
                            operation="UPDATE",
                            pgid="pgtrigger_agreement_fixed_bcec1",
                            table="operators_partnerbooking",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="withdrawn_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5bfd5ee6973be56d3742cb7b50b4607d2c9a71c7",
                            operation="UPDATE",
                            pgid="pgtrigger_withdrawn_once_d301e",
                            table="operators_partnerbooking",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
    ]
