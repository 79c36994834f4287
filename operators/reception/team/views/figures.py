from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.days import local_day
from cep_portal.common.wording.dates import long_month
from operators.reception.team import rules
from operators.reception.team.panels import steps_for
from operators.reception.team.selectors.quality import log_quality, months_shown


@require(rules.can_run_network)
@require_safe
def first_steps(request: SignedRequest) -> HttpResponse:
    """What is left before people can be received?"""
    steps = steps_for(user=request.user, now=timezone.now())
    needed = [step for step in steps if not step.is_optional]
    done = sum(step.is_done for step in needed)
    context = {"steps": steps, "done": done, "needed": len(needed)}
    return render(request, "operators/reception/team/first_steps.html", context)


@require(rules.can_run_network)
@require_safe
def log_quality_page(request: SignedRequest) -> HttpResponse:
    """Are sessions logged in time, where are they not, and what is still to log?"""
    now = timezone.now()
    months = {f"{one:%Y-%m}": one for one in months_shown(local_day(now))}
    month = months.get(request.GET.get("mois", next(iter(months))))
    if month is None:
        raise Http404("mois inconnu")
    context = {
        "quality": log_quality(user=request.user, month=month, now=now),
        "month": long_month(month),
        "groups": [
            {
                "label": "Mois",
                "items": [
                    {
                        "label": long_month(one),
                        "url": f"?mois={code}",
                        "current": one == month,
                    }
                    for code, one in months.items()
                ],
            }
        ],
    }
    return render(request, "operators/reception/team/log_quality.html", context)
