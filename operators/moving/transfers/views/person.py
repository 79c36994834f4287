from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from operators.moving.transfers import rules, selectors
from operators.moving.transfers.enums import ConsentWay
from operators.moving.transfers.models import Transfer
from operators.moving.transfers.views import answering


@require(rules.can_answer_own_transfers)
@require_http_methods(["GET", "HEAD", "POST"])
def own_transfer(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """What would pass to the other operator, and do I agree?"""
    return answering.answer(
        request,
        _own(request, uuid),
        way=ConsentWay.SPACE,
        by=request.user,
        here=reverse("operators:own_transfer", args=[uuid]),
        withdraw=reverse("operators:own_transfer_withdraw", args=[uuid]),
    )


@require(rules.can_answer_own_transfers)
@require_POST
def own_transfer_withdraw(request: SignedRequest, uuid: UUID) -> HttpResponse:
    """I change my mind, while nothing is received."""
    here = reverse("operators:own_transfer", args=[uuid])
    return answering.take_back(request, _own(request, uuid), by=request.user, here=here)


def _own(request: SignedRequest, uuid: UUID) -> Transfer:
    transfer = selectors.transfer_of(user=request.user, uuid=uuid)
    if transfer is None:
        raise Http404
    return transfer
