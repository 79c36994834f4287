"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, register, register_impersonal
from operators.booking.agenda.models import (
    Absence,
    AdviserTime,
    Appointment,
    CalendarFeed,
    LinkFailure,
    OpeningException,
    OpeningRule,
    RecurringAbsence,
    Replacement,
)
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.supervision.models import OpeningRequest
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.software.models import ApiClient, KeyUse
from operators.network.models import Adviser, Site, SiteClosure, SlotDelay
from operators.reception.calls.models import AssistedBooking
from operators.reception.partners.models import PartnerBooking

AGENTS = "Organiser l’accueil. Ne concerne que des agents."


def declare() -> None:
    register(
        PersonalData(
            model=Appointment,
            title="Vos rendez-vous",
            purpose="Vous recevoir à l’heure prévue.",
            retention=retention.WITHOUT_IDENTITY,
            order=30,
            rows=lambda subject: Appointment.objects.filter(
                beneficiary=subject.beneficiary_id
            ).select_related("site__commune"),
            personal=dict.fromkeys(
                (
                    *("period", "level", "mode", "state", "channel", "booked_at", "cancelled_at"),
                    *("cancelled_by", "cancel_reason", "move_count", "is_offer"),
                ),
                KEPT,
            ),
            sensitive={"access_needs": []},
            technical=(
                *("id", "uuid", "adviser", "second_adviser", "site", "service_request", "beneficiary"),
                *("busy_period", "idempotency_key", "hold_expires_at", "moved_from", "calendar_sequence"),
                "video_url",
            ),
            extra={"lieu": lambda row: f"{row.site.name}, {row.site.commune.name}"},
        ),
        PersonalData(
            model=Replacement,
            title="Ce qui vous a été proposé quand un rendez-vous n’a pu être tenu",
            purpose="Vous recevoir malgré une absence ou une fermeture.",
            retention=retention.WITHOUT_IDENTITY,
            order=32,
            rows=lambda subject: Replacement.objects.filter(
                appointment__beneficiary=subject.beneficiary_id
            ).select_related("appointment"),
            personal=dict.fromkeys(
                ("reason", "slots", "state", "asked_at", "answer_by", "answered_at"), KEPT
            ),
            technical=("id", "uuid", "appointment", "absence", "closure", "former_adviser", "colleague"),
            extra={"rendez-vous du": lambda row: row.appointment.starts_at},
        ),
        PersonalData(
            model=GroupPlace,
            title="Vos réunions d’information",
            purpose="Vous garder une place.",
            retention=retention.WITHOUT_IDENTITY,
            order=35,
            rows=lambda subject: GroupPlace.objects.filter(beneficiary=subject.beneficiary_id).select_related(
                "session__site__commune"
            ),
            personal=dict.fromkeys(("state", "booked_at", "cancelled_at", "cancelled_by"), KEPT),
            technical=("id", "uuid", "session", "beneficiary", "service_request", "idempotency_key"),
            extra={
                "réunion": lambda row: row.session.get_topic_display(),
                "début": lambda row: row.session.starts_at,
                "lieu": lambda row: f"{row.session.site.name}, {row.session.site.commune.name}",
            },
        ),
        PersonalData(
            model=Pathway,
            title="Vos parcours",
            purpose="Tenir votre dossier d’accompagnement.",
            retention=retention.WITHOUT_IDENTITY,
            order=40,
            rows=lambda subject: Pathway.objects.filter(beneficiary=subject.beneficiary_id).select_related(
                "contract__holder", "region"
            ),
            personal=dict.fromkeys(("entered_on", "state", "closed_at", "reopened_at", "outcome"), KEPT),
            technical=(
                "id",
                "uuid",
                "beneficiary",
                "contract",
                "region",
                "service_request",
                "adviser",
                "continues",
                "joined_into",
            ),
            extra={
                "organisme": lambda row: row.contract.holder.name,
                "région": lambda row: row.region.name,
            },
        ),
        PersonalData(
            model=CounsellingSession,
            title="Vos séances",
            purpose="Tenir votre dossier d’accompagnement.",
            retention=retention.WITHOUT_IDENTITY,
            order=45,
            rows=lambda subject: CounsellingSession.objects.filter(
                pathway__beneficiary=subject.beneficiary_id
            ).select_related("site"),
            personal=dict.fromkeys(
                (
                    *("starts_at", "held_on", "duration_minutes", "level", "mode", "themes"),
                    *("next_step", "recorded_at", "is_unplanned"),
                ),
                KEPT,
            ),
            technical=("id", "uuid", "pathway", "appointment", "adviser", "site", "zone"),
            extra={"lieu": lambda row: row.site.name},
        ),
        PersonalData(
            model=AssistedBooking,
            title="Rendez-vous pris avec quelqu’un",
            purpose="Savoir qui a pris un rendez-vous pour vous, avec votre accord.",
            retention=retention.WITHOUT_IDENTITY,
            order=35,
            rows=lambda subject: AssistedBooking.objects.filter(
                appointment__beneficiary=subject.beneficiary_id
            ),
            personal=dict.fromkeys(("consent", "agreed_at"), KEPT),
            technical=("id", "appointment", "booked_by"),
        ),
        PersonalData(
            model=PartnerBooking,
            title="Rendez-vous pris avec un partenaire",
            purpose="Savoir ce que vous avez accepté de dire au partenaire.",
            retention=retention.WITHOUT_IDENTITY,
            order=36,
            rows=lambda subject: PartnerBooking.objects.filter(
                appointment__beneficiary=subject.beneficiary_id
            ).select_related("organisation"),
            personal=dict.fromkeys(("outcome_agreed", "agreed_at", "withdrawn_at"), KEPT),
            technical=("id", "uuid", "appointment", "present", "organisation", "booked_by"),
            extra={"partenaire": lambda row: row.organisation.name},
        ),
        PersonalData(
            model=Adviser,
            title="Conseillers",
            purpose=AGENTS,
            retention=retention.AS_LONG_AS_THE_CONTRACT,
            rows=None,
            personal=dict.fromkeys(("user", "site", "is_active", "max_per_day", "skills"), KEPT),
            technical=("id", "uuid"),
        ),
        *(
            PersonalData(
                model=model,
                title=str(model._meta.verbose_name).capitalize(),
                purpose=AGENTS,
                retention=retention.AS_LONG_AS_THE_CONTRACT,
                rows=None,
                personal=dict.fromkeys(columns, KEPT),
                technical=technical,
            )
            for model, columns, technical in (
                (Absence, ("adviser", "period"), ("id", "uuid")),
                (
                    ApiClient,
                    ("name", "created_by", "created_at", "revoked_at", "last_used_at"),
                    ("id", "uuid", "organisation", "secret_hash", "scopes"),
                ),
                (CalendarFeed, ("adviser", "created_at"), ("token_hash",)),
                (
                    RecurringAbsence,
                    ("adviser", "weekday", "starts", "ends", "every_weeks", "first_on", "last_on"),
                    ("id", "uuid"),
                ),
            )
        ),
    )
    register_impersonal(Site, SiteClosure, SlotDelay, OpeningRule, OpeningException, AdviserTime)
    register_impersonal(GroupSession, KeyUse, LinkFailure, OpeningRequest)
