"""What the person is told, in the transaction of the act; no subject names the service."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from beneficiaries.request.services.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from operators.casework.situations.models import Rectification


def tell_answered(rectification: Rectification, *, now: datetime) -> None:
    """Once: the answer is read behind the sign-in."""
    link = settings.PORTAL_BASE_URL + reverse("beneficiaries:space_page", args=["situation"])
    send_to_person(
        beneficiary=rectification.pathway.beneficiary,
        key=f"rectification-answered:{rectification.uuid}",
        kind=MessageKind.ACT,
        subject="La réponse à votre demande",
        body=render_to_string("operators/casework/situations/mail/answered.txt", {"link": link}),
        now=now,
    )
