"""Lists of the API: a cursor that only goes on, so that nothing is skipped or told twice while it is read."""

from collections.abc import Callable

from django.core import signing
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

MOST = 100
SALT = "operators.software.cursor"
UNKNOWN = "Ce curseur est inconnu : suivez l’adresse donnée par « next »."


class PageQuery(serializers.Serializer):
    cursor = serializers.CharField(
        required=False, help_text="Où reprendre : donné par `next`, ne s’écrit pas à la main"
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=MOST, help_text=f"Lignes par page, {MOST} au plus"
    )

    def validate_cursor(self, cursor: str) -> int:
        try:
            place = signing.loads(cursor, salt=SALT)
        except signing.BadSignature:
            place = None
        if not isinstance(place, int):
            raise serializers.ValidationError(UNKNOWN)
        return place


def page(
    request: Request, rows: QuerySet, shape: Callable[..., dict], *, by: str = "pk", newest: bool = False
) -> Response:
    """One page of rows in the order of `by`, an integer that never changes; the newest first when asked."""
    query = PageQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    limit, place = query.validated_data["limit"], query.validated_data.get("cursor")
    rows = rows.order_by(f"-{by}" if newest else by)
    if place is not None:
        rows = rows.filter(**{f"{by}__{'lt' if newest else 'gt'}": place})
    found = list(rows[: limit + 1])
    following = _address(request, getattr(found[limit - 1], by)) if len(found) > limit else None
    return Response({"results": [shape(one) for one in found[:limit]], "next": following})


def _address(request: Request, place: int) -> str:
    """This very list, from the next row on: its filters stay."""
    query = request.query_params.copy()
    query["cursor"] = signing.dumps(place, salt=SALT)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
