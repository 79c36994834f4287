"""The answer to a complaint as a letter: for who reads neither e-mail nor SMS."""

from cep_portal.documents.services import render_pdf

TEMPLATE = "beneficiaries/pdf/complaint_letter.html"


def letter_pdf(facts: dict) -> bytes:
    """`facts`: the complaint, its last answer (`last`), the mediator."""
    return render_pdf(template=TEMPLATE, context=facts)
