"""What this app keeps about people, column by column (cep_portal.common.personal_data)."""

from datetime import datetime

from django.db.models import QuerySet

from cep_portal.accounts.models import AuditEvent, BrowserSession, Draft, Mandate, Organisation, User
from cep_portal.accounts.services import close_account
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Subject


def _close(subject: Subject, now: datetime) -> None:
    for user in _account(subject):
        close_account(user=user, now=now)


def _account(subject: Subject) -> QuerySet[User]:
    return User.objects.none() if subject.user_id is None else User.objects.filter(pk=subject.user_id)


MANIFESTS = (
    PersonManifest(
        model=User,
        title="Votre compte",
        purpose="Vous laisser entrer, et vous seul.",
        retention=retention.AS_LONG_AS_THE_FILE,
        order=11,
        rows=_account,
        personal=dict.fromkeys(
            ("email", "first_name", "last_name", "joined_at", "last_login", "is_active"), KEPT
        ),
        technical=("id", "uuid", "password"),
        erase_with=_close,
    ),
    PersonManifest(
        model=Mandate,
        title="Vos accès",
        purpose="Dire ce que votre compte permet.",
        retention=retention.AS_LONG_AS_THE_FILE,
        order=12,
        rows=lambda subject: Mandate.objects.filter(user=subject.user_id),
        personal=dict.fromkeys(("role", "region_name", "starts_on", "ends_on", "ended_at"), KEPT),
        technical=("id", "uuid", "user", "organisation", "region_code"),
    ),
    PersonManifest(
        model=BrowserSession,
        title="Vos connexions",
        purpose="Vous montrer où votre compte est ouvert.",
        retention=retention.SESSION,
        order=13,
        rows=lambda subject: BrowserSession.objects.filter(user=subject.user_id),
        personal=dict.fromkeys(("browser", "started_at", "last_seen_at"), KEPT),
        technical=("id", "uuid", "user", "key"),
        is_deleted=True,
    ),
    PersonManifest(
        model=Draft,
        title="Vos textes interrompus",
        purpose="Vous rendre un long texte quand votre connexion s’est fermée avant son envoi.",
        retention=retention.DRAFT,
        order=14,
        rows=lambda subject: Draft.objects.filter(user=subject.user_id),
        personal=dict.fromkeys(("path", "kept_at"), KEPT),
        technical=("id", "uuid", "user", "key_id", "sealed"),
        is_deleted=True,
    ),
    PersonManifest(
        model=AuditEvent,
        title="Ce que vous avez fait ici",
        purpose="Savoir qui a fait quoi, et quand.",
        retention=retention.JOURNAL,
        order=90,
        rows=lambda subject: AuditEvent.objects.filter(actor=subject.user_id, actor__isnull=False),
        personal=dict.fromkeys(("at", "action"), KEPT),
        technical=("id", "actor", "mandate", "target_type", "target_id", "data"),
    ),
)
IMPERSONAL = (Organisation,)
