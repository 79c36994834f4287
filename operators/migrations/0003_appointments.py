import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0002_request"),
        ("operators", "0002_openings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="séance")),
                (
                    "busy_period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="temps pris"),
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
                    "mode",
                    models.CharField(
                        choices=[("ON_SITE", "sur place"), ("PHONE", "par téléphone"), ("VIDEO", "en visio")],
                        max_length=10,
                        verbose_name="modalité",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ON_HOLD", "retenu"),
                            ("BOOKED", "pris"),
                            ("ATTENDED", "honoré"),
                            ("NO_SHOW", "non honoré"),
                            ("CANCELLED", "annulé"),
                            ("EXPIRED", "retenue expirée"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("PERSON", "la personne"),
                            ("INTAKE_OFFICER", "un chargé d’information"),
                            ("ADVISER", "un conseiller"),
                            ("PARTNER", "un partenaire, avec la personne"),
                            ("SOFTWARE", "le logiciel de l’opérateur"),
                        ],
                        default="PERSON",
                        max_length=15,
                        verbose_name="pris par",
                    ),
                ),
                ("idempotency_key", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "hold_expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="retenu jusqu’à"),
                ),
                ("booked_at", models.DateTimeField(blank=True, null=True, verbose_name="pris le")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="annulé le")),
                (
                    "cancelled_by",
                    models.CharField(
                        blank=True,
                        choices=[("PERSON", "la personne"), ("OPERATOR", "le service")],
                        max_length=10,
                        verbose_name="annulé par",
                    ),
                ),
                ("calendar_sequence", models.PositiveSmallIntegerField(default=0)),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="operators.adviser",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="beneficiaries.beneficiary",
                    ),
                ),
                (
                    "moved_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_to",
                        to="operators.appointment",
                    ),
                ),
                (
                    "service_request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="beneficiaries.servicerequest",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="operators.site",
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
                        blank=True,
                        db_default=[],
                        default=list,
                        verbose_name="besoins d’accès",
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("NOT_NEEDED", "je n’en ai plus besoin"),
                            ("WORK", "un empêchement au travail"),
                            ("PERSONAL", "un empêchement personnel"),
                            ("OTHER_DATE", "je préfère une autre date"),
                            ("MISTAKE", "pris par erreur"),
                            ("ADVISER_AWAY", "conseiller absent"),
                            ("SITE_CLOSED", "lieu fermé"),
                            ("MOVED", "déplacé"),
                            ("OTHER", "autre raison"),
                        ],
                        db_default="",
                        max_length=20,
                        verbose_name="motif d’annulation",
                    ),
                ),
                (
                    "is_offer",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="proposition en attente"
                    ),
                ),
                (
                    "move_count",
                    models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="déplacements"),
                ),
                (
                    "second_adviser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_appointments",
                        to="operators.adviser",
                    ),
                ),
                (
                    "video_url",
                    models.URLField(
                        blank=True, db_default="", max_length=300, verbose_name="lien de la visio"
                    ),
                ),
            ],
            options={
                "verbose_name": "rendez-vous",
                "indexes": [
                    models.Index(
                        models.F("adviser"),
                        django.db.models.functions.text.Lower("period"),
                        name="appointment_adviser_start",
                    ),
                    models.Index(
                        django.db.models.functions.text.Lower("period"),
                        condition=models.Q(("state", "BOOKED")),
                        name="appointment_booked_start",
                    ),
                    models.Index(
                        models.F("hold_expires_at"),
                        condition=models.Q(("state", "ON_HOLD")),
                        name="appointment_hold",
                    ),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state__in", ("ON_HOLD", "BOOKED", "ATTENDED", "NO_SHOW"))),
                        expressions=[("beneficiary", "="), ("period", "&&")],
                        name="appointment_person_never_twice",
                        violation_error_message="Vous avez déjà un rendez-vous à cette heure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("busy_period__contains", models.F("period")),
                            ("period__isempty", False),
                            ("period__lower_inf", False),
                            ("period__upper_inf", False),
                        ),
                        name="appointment_period_bounded",
                        violation_error_message="Un rendez-vous a un début et une fin, battement compris.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ON_HOLD"), _negated=True),
                            ("hold_expires_at__isnull", False),
                            _connector="OR",
                        ),
                        name="appointment_hold_expires",
                        violation_error_message="Une retenue a une heure de fin.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["ON_HOLD", "EXPIRED"]),
                            models.Q(("beneficiary__isnull", False), ("booked_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="appointment_booked_has_person",
                        violation_error_message="Un rendez-vous pris a une personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__gt", ""),
                                ("state", "CANCELLED"),
                            ),
                            models.Q(
                                models.Q(("state", "CANCELLED"), _negated=True),
                                ("cancelled_at__isnull", True),
                                ("cancelled_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="appointment_cancel_tells_who",
                        violation_error_message="Une annulation dit qui et quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancel_reason", ""), ("state", "CANCELLED"), _connector="OR"),
                        name="appointment_reason_of_cancel",
                        violation_error_message="Seule une annulation a un motif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_adviser__isnull", True),
                            models.Q(("second_adviser", models.F("adviser")), _negated=True),
                            _connector="OR",
                        ),
                        name="appointment_two_advisers_differ",
                        violation_error_message="Un binôme compte deux personnes.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="takes_time",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF TG_OP = 'UPDATE' AND NEW.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')\n        AND OLD.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW')\n        AND (OLD.adviser_id, OLD.busy_period) = (NEW.adviser_id, NEW.busy_period)\n        AND OLD.second_adviser_id IS NOT DISTINCT FROM NEW.second_adviser_id THEN\n        UPDATE operators_advisertime\n        SET expires_at = CASE WHEN NEW.state = 'ON_HOLD' THEN NEW.hold_expires_at END\n        WHERE source = NEW.uuid;\n        RETURN NULL;\n    END IF;\n    IF TG_OP <> 'INSERT' THEN\n        DELETE FROM operators_advisertime WHERE source = OLD.uuid;\n    END IF;\n    IF TG_OP <> 'DELETE' AND NEW.state IN ('ON_HOLD', 'BOOKED', 'ATTENDED', 'NO_SHOW') THEN\n        INSERT INTO operators_advisertime (adviser_id, period, source, expires_at)\n        SELECT taken, NEW.busy_period, NEW.uuid, CASE WHEN NEW.state = 'ON_HOLD' THEN NEW.hold_expires_at END\n        FROM unnest(ARRAY[NEW.adviser_id, NEW.second_adviser_id]) AS taken\n        WHERE taken IS NOT NULL;\n    END IF;\n    RETURN NULL;\n",
                            hash="90ffe7dbcd47bda6af8c944ef52d22059458045b",
                            operation='INSERT OR DELETE OR UPDATE OF "state", "adviser_id", "second_adviser_id", "busy_period", "hold_expires_at"',
                            pgid="pgtrigger_takes_time_18262",
                            table="operators_appointment",
                            when="AFTER",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
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
                            ("NOT_NEEDED", "je n’en ai plus besoin"),
                            ("WORK", "un empêchement au travail"),
                            ("PERSONAL", "un empêchement personnel"),
                            ("OTHER_DATE", "je préfère une autre date"),
                            ("MISTAKE", "pris par erreur"),
                            ("ADVISER_AWAY", "conseiller absent"),
                            ("SITE_CLOSED", "lieu fermé"),
                            ("MOVED", "déplacé"),
                            ("OTHER", "autre raison"),
                        ],
                        max_length=20,
                        verbose_name="motif",
                    ),
                ),
                (
                    "slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(),
                        blank=True,
                        default=list,
                        verbose_name="créneaux proposés",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("COLLEAGUE", "un collègue à la même heure"),
                            ("SLOTS", "autres créneaux proposés"),
                            ("NO_ANSWER", "sans réponse, à rappeler"),
                            ("ACCEPTED", "collègue accepté"),
                            ("KEPT", "collègue gardé sans réponse"),
                            ("CHOSEN", "autre créneau choisi"),
                            ("DECLINED", "n’en veut plus"),
                            ("SETTLED", "réglé par téléphone"),
                        ],
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="proposé le")),
                ("answer_by", models.DateTimeField(verbose_name="réponse attendue avant")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="réglé le")),
                (
                    "absence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replacements",
                        to="operators.absence",
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="operators.appointment",
                    ),
                ),
                (
                    "closure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replacements",
                        to="operators.siteclosure",
                    ),
                ),
                (
                    "colleague",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.adviser",
                    ),
                ),
                (
                    "former_adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.adviser"
                    ),
                ),
            ],
            options={
                "verbose_name": "remplacement",
                "indexes": [
                    models.Index(
                        models.F("answer_by"),
                        condition=models.Q(("answered_at__isnull", True)),
                        name="replacement_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("COLLEAGUE", "SLOTS", "NO_ANSWER"))),
                        fields=("appointment",),
                        name="replacement_one_waiting",
                        violation_error_message="Un remplacement est déjà proposé pour ce rendez-vous.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("state__in", ("COLLEAGUE", "SLOTS", "NO_ANSWER")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("COLLEAGUE", "SLOTS", "NO_ANSWER")), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="replacement_answered_or_waiting",
                        violation_error_message="Un remplacement réglé dit quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["COLLEAGUE", "ACCEPTED", "KEPT"]), _negated=True),
                            ("colleague__isnull", False),
                            _connector="OR",
                        ),
                        name="replacement_names_its_colleague",
                        violation_error_message="Un collègue proposé a un nom.",
                    ),
                ],
            },
        ),
    ]
