"""The signed link of a survey: whoever holds it answers once, without an account."""

from django.urls import reverse

from cep_portal.common.links import SignedUuids, portal_link
from reporting.surveys.models import Survey

_uuids = SignedUuids("reporting.surveys.answer")
sign, unsign = _uuids.sign, _uuids.unsign


def survey_path(survey: Survey) -> str:
    return reverse("reporting:survey", args=[sign(survey.uuid)])


def survey_link(survey: Survey) -> str:
    return portal_link("reporting:survey", sign(survey.uuid))
