"""The steps of a sign-in, as the browser of a person takes them."""

import re

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.messaging.models import Message
from tests.factories.beneficiaries import BeneficiaryFactory

ASK, COPY, WHO = (reverse(f"beneficiaries:{name}") for name in ("sign_in", "sign_in_code", "sign_in_who"))

TOLD = {"email_verified_at": None, "phone_verified_at": None, "contact_proved_at": None}


def told(**more) -> Beneficiary:
    """Named by somebody else: desk, adviser, operator's software, file (ADR 0024)."""
    return BeneficiaryFactory(**{**TOLD, "first_name": "Lou", "last_name": "Le Goff", **more})


def ask(client, contact, **extra):
    return client.post(ASK, {"contact": contact}, **extra)


def last_code() -> str:
    """The digits of the latest message, by either channel."""
    return re.search(r"\b\d{6}\b", Message.objects.latest("pk").body)[0]


def copy(client, code=None):
    return client.post(COPY, {"code": code or last_code()})


def say(client, first_name, last_name, **more):
    return client.post(WHO, {"first_name": first_name, "last_name": last_name, **more})


def account(client) -> str | None:
    """The user signed in on this browser."""
    return client.session.get("_auth_user_id")


def enter(client, person, *, by_sms=False):
    """Sign in as a person does: the code, then the name if it is asked."""
    ask(client, person.phone if by_sms else person.email)
    answer = copy(client)
    if answer.headers.get("Location") == WHO:
        answer = say(client, person.first_name, person.last_name)
    return answer
