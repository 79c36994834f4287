"""The page that checks a document says the hour as the paper does: in one zone, in the same words."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from beneficiaries.request.documents import TEMPLATE, attestation_context, issue_attestation
from cep_portal.documents.models import StoredDocument
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.territories import CommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.dated]
NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)  # the 24th in La Réunion, the 23rd in Paris


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Indian/Reunion", "mardi 24 novembre 2026 à 1 h (heure de La Réunion)"),
        ("America/Cayenne", "lundi 23 novembre 2026 à 18 h (heure de la Guyane)"),
        ("Europe/Paris", "lundi 23 novembre 2026 à 22 h"),
    ],
)
def test_attestation_and_its_check_give_one_hour_in_one_zone(client, zone, said):
    commune = CommuneFactory(department__zone=zone)
    request = ServiceRequestFactory(commune=commune, beneficiary=BeneficiaryFactory())

    document = issue_attestation(service_request=request, now=NOW)

    paper = render_to_string(
        TEMPLATE,
        {
            **attestation_context(service_request=request, check_code=document.check_code, now=NOW),
            "demonstration": False,
            "training": False,
            "base_url": "",
        },
    )
    page = client.get(reverse("documents:check", args=[document.check_code])).text
    assert said in paper.replace("\xa0", " ")
    assert said in page.replace("\xa0", " ")
    assert StoredDocument.objects.get().zone == zone
