from django.views.decorators.http import require_safe

from cep_portal.common.access import public


@public
@require_safe
def appointment(request, signed):
    raise NotImplementedError
