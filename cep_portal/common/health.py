from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cep_portal.common.access import public


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- a view takes it
    """200 « ok » when the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
