"""What the person is told, in the transaction of the act; the subject names neither service nor document."""

from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import send_to_person
from cep_portal.common.links import portal_link
from cep_portal.messaging.enums import MessageKind
from operators.casework.summaries.models import SummaryDocument

DOCUMENT_KIND = "operators.summary"


def tell_proposed(summary: SummaryDocument, *, now: datetime) -> None:
    """Once for each proposal."""
    link = portal_link("operators:own_summary", summary.uuid)
    send_to_person(
        beneficiary=summary.pathway.beneficiary,
        key=f"summary-proposed:{summary.uuid}:{summary.revision}",
        kind=MessageKind.ACT,
        subject="Un document attend votre accord",
        body=render_to_string("operators/casework/summaries/mail/proposed.txt", {"link": link}),
        sms_text=f"Un document attend votre accord dans votre espace : {link}",
        now=now,
    )
