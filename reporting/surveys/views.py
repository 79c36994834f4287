from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiaries.request.selectors import refuse_closed
from cep_portal.common.access import public
from cep_portal.common.links import LostLink
from reporting.surveys import selectors, services
from reporting.surveys.errors import SurveyAlreadyAnswered
from reporting.surveys.forms import SurveyForm
from reporting.surveys.links import unsign


@public
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, signed: str) -> HttpResponse:
    """How was it? One question, answered once, without an account."""
    uuid = unsign(signed)
    asked = selectors.survey_by_uuid(uuid) if uuid else None
    if asked is None:
        raise LostLink(was_read=uuid is not None, label="Revenir à l’accueil", url="/")
    refuse_closed(asked.pathway.beneficiary)
    if asked.answered_at is not None:
        return render(request, "reporting/surveys/thanks.html")
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with suppress(SurveyAlreadyAnswered):  # two tabs, one answer: the same page thanks
            services.answer_survey(survey=asked, now=timezone.now(), **form.cleaned_data)
        return redirect("reporting:survey", signed=signed)
    return render(request, "reporting/surveys/question.html", {"form": form})
