"""Files of facts by authorisation: asked, judged by somebody else, made, given for two days, destroyed."""

from operators.exchange.extracts.services.asking import ask_extract, cancel_extract
from operators.exchange.extracts.services.giving import destroy_extracts, take_extract
from operators.exchange.extracts.services.judging import grant_extract, refuse_extract
from operators.exchange.extracts.services.making import make_extract, resume_extracts

__all__ = [
    "ask_extract",
    "cancel_extract",
    "destroy_extracts",
    "grant_extract",
    "make_extract",
    "refuse_extract",
    "resume_extracts",
    "take_extract",
]
