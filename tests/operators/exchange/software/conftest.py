import base64

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from operators.booking.agenda.models import Appointment
from tests.factories.operators import ApiClientFactory
from tests.operators.exchange.software.calls import book
from tests.operators.reception.calls.conftest import present, site

__all__ = ["api", "booked", "present", "signed_api", "site", "software"]
SECRET = "the-secret-of-a-test"


@pytest.fixture
def software(site):
    return ApiClientFactory(organisation=site.contract.holder)


def basic(software, secret=SECRET) -> str:
    return "Basic " + base64.b64encode(f"{software.uuid}:{secret}".encode()).decode()


def ask_token(software, secret=SECRET):
    return APIClient().post(
        reverse("operators:api_token"),
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        HTTP_AUTHORIZATION=basic(software, secret),
    )


def signed_api(software) -> APIClient:
    """A client with a fresh token."""
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {ask_token(software).json()['access_token']}")
    return api


@pytest.fixture
def api(software):
    return signed_api(software)


@pytest.fixture
def booked(api, site):
    return Appointment.objects.get(uuid=book(api, site).json()["id"])
