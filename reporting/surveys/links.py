"""The signed link of a survey: whoever holds it answers once, without an account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from reporting.surveys.models import Survey

_signer = Signer(salt="reporting.surveys.answer", sep=".")


def sign(uuid: UUID) -> str:
    return _signer.sign(uuid.hex)


def unsign(signed: str) -> UUID | None:
    """The survey's uuid, or None when the link was altered."""
    try:
        return UUID(_signer.unsign(signed))
    except (BadSignature, ValueError):
        return None


def survey_path(survey: Survey) -> str:
    return reverse("reporting:survey", args=[sign(survey.uuid)])


def survey_link(survey: Survey) -> str:
    return settings.PORTAL_BASE_URL + survey_path(survey)
