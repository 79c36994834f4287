"""Lists of the API: a cursor that only goes on, so that nothing is skipped or told twice while it is read."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cep_portal.common.marks import later_than, settled

MOST = 100
SALT = "operators.software.cursor"
LAST_KEY = 2**63 - 1
UNKNOWN = "Ce curseur est inconnu : suivez l’adresse donnée par « next »."


SIGNED = "operators.software.mark"
ALONE = "La suite des changements se lit sans filtre : un fait corrigé peut en sortir."
RESTORED = "Cette marque ne vaut plus : les données ont été restaurées. Recommencez avec une marque vide."


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


class FeedQuery(PageQuery):
    mark = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text="Pour suivre les changements, corrections comprises : vide la première fois, "
        "puis la dernière `mark` reçue. Sans autre filtre",
    )

    def validate_cursor(self, cursor: str) -> Any:
        return super().validate_cursor(cursor) if "mark" not in self.initial_data else _opened(cursor, SALT)

    def validate_mark(self, mark: str) -> list[int]:
        """(transaction, key, cluster) of the last row told; the first mark stands before everything."""
        others = set(self.initial_data) - {"mark", "cursor", "limit"}
        if others:
            raise serializers.ValidationError(ALONE)
        return _opened(mark, SIGNED) if mark else [0, 0, 0]


def _opened(text: str, salt: str) -> list:
    try:
        place = signing.loads(text, salt=salt)
    except signing.BadSignature:
        place = None
    if not isinstance(place, list):
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


def followed_page(
    request: Request, asks: type[serializers.Serializer], select: Callable[..., QuerySet], shape: Callable
) -> Response:
    """A list of facts: by its filters, or, with a mark, by what changed."""
    if "mark" in request.query_params:
        return changes(request, select(user=request.user), shape)
    filters = asks(data=request.query_params)
    filters.is_valid(raise_exception=True)
    answer = page(request, select(user=request.user, **filters.validated_data), shape)
    return Response(answer.data | {"mark": None})


def changes(request: Request, rows: QuerySet, shape: Callable[..., dict]) -> Response:
    """One page of the rows written since a mark, in the order of the transactions that wrote them.

    As far as the oldest transaction still under way: what it will commit comes after the mark that is
    given at the end. A row changed meanwhile comes again, once. Raises ValidationError for a mark of
    other data.
    """
    query = FeedQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    limit, place = query.validated_data["limit"], query.validated_data.get("cursor")
    oldest, following, cluster = settled()  # before the rows: whatever it calls over is readable by then
    since, until = place or (query.validated_data["mark"], None)
    until = until or [oldest, cluster]
    if until[1] != cluster or until[0] > following or since[0] > following or since[2] not in (0, cluster):
        raise serializers.ValidationError({"mark": [RESTORED]})
    found = list(
        rows.filter(later_than(since[:2], until=until[0])).order_by("changed_xid", "pk")[: limit + 1]
    )
    following_page = mark = None
    if len(found) > limit:
        last = found[limit - 1]
        following_page = _address(request, [[last.changed_xid, last.pk, cluster], until])
    else:
        mark = signing.dumps([until[0] - 1, LAST_KEY, cluster], salt=SIGNED)
    return Response({"results": [shape(row) for row in found[:limit]], "next": following_page, "mark": mark})


def _address(request: Request, place: object) -> str:
    """This very list, from the next row on: its filters stay."""
    query = request.query_params.copy()
    query["cursor"] = signing.dumps(place, salt=SALT)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
