from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from cep_portal.accounts.models import User
from cep_portal.documents.gateways.qr import qr_code
from cep_portal.documents.services import new_check_code, render_pdf
from operators.casework.summaries import presenters, services
from operators.casework.summaries.models import SummaryDocument

TEMPLATE = "operators/casework/summaries/pdf/summary.html"


def summary_context(*, summary: SummaryDocument, check_code: str, now: datetime) -> dict:
    """What the file says: the words proposed, the plan as proposed, who, for which operator, when."""
    pathway = summary.pathway
    return {
        "summary": summary,
        "person": pathway.beneficiary,
        "adviser": pathway.adviser.user.full_name,
        "holder": pathway.contract.holder.name,
        "headings": presenters.headings(summary),
        "content": printable(summary.content),
        "accepted_at": now,
        "zone": pathway.adviser.site.zone,
        "check_code": check_code,
        "qr": qr_code(
            settings.PORTAL_BASE_URL + reverse("documents:check", args=[check_code]),
            label="Code à scanner pour vérifier ce document",
        ),
    }


def printable(content: dict) -> dict:
    """The frozen plan with its days as dates."""
    objectives = [
        {**one, "actions": [{**action, "due_on": _day(action["due_on"])} for action in one["actions"]]}
        for one in content.get("objectives", [])
    ]
    return {
        **content,
        "objectives": objectives,
        "first_on": _day(content.get("first_on", "")),
        "last_on": _day(content.get("last_on", "")),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def accept(*, summary: SummaryDocument, revision: int, by: User, now: datetime) -> SummaryDocument:
    """Print what the person accepts, then freeze it. Raises the refusals of services.accept_summary."""
    check_code = new_check_code()
    context = summary_context(summary=summary, check_code=check_code, now=now)
    return services.accept_summary(
        summary=summary,
        revision=revision,
        content=render_pdf(template=TEMPLATE, context=context),
        check_code=check_code,
        by=by,
        now=now,
    )
