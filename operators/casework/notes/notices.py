"""What the person is told, in the transaction of the act; no subject names the service."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from beneficiaries.request.services.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from operators.casework.notes.models import NoteRequest


def tell_released(request: NoteRequest, *, now: datetime) -> None:
    """Once: what was asked can be read, behind the sign-in."""
    link = settings.PORTAL_BASE_URL + reverse("beneficiaries:space_page", args=["notes"])
    send_to_person(
        beneficiary=request.pathway.beneficiary,
        key=f"notes-released:{request.uuid}",
        kind=MessageKind.ACT,
        subject="La réponse à votre demande",
        body=render_to_string("operators/casework/notes/mail/released.txt", {"link": link}),
        now=now,
    )
