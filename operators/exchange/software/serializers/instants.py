"""Instants and periods, the same in every family."""

import re
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cep_portal.common.days import local

NO_ZONE = "Donnez le décalage horaire, par exemple 2026-11-30T09:00:00+01:00."
# In an address, « + » means a space: an offset that was not escaped arrives without its sign.
PLUS_AS_SPACE = re.compile(r"^([0-9-]{10}[T ][0-9:.,]+) ([0-9]{2}:?[0-9]{2})$")
NO_DAY = "Donnez un jour, par exemple 2026-11-30."
YEARS = range(2000, 2200)


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.CharField):
    """An instant that says its offset: without it, nobody knows which hour is meant (RDV-I PR 3282)."""

    def to_internal_value(self, data: Any) -> datetime:
        try:
            instant = parse_datetime(PLUS_AS_SPACE.sub(r"\1+\2", super().to_internal_value(data)))
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or instant.year not in YEARS:
            raise serializers.ValidationError(NO_ZONE)
        return instant


class DayField(serializers.DateField):
    """A calendar day of our time: PostgreSQL knows more of them than a contract may hold."""

    def to_internal_value(self, value: Any) -> Any:
        try:
            day = super().to_internal_value(value)
        except serializers.ValidationError:
            raise serializers.ValidationError(NO_DAY) from None
        if day.year not in YEARS:
            raise serializers.ValidationError("Donnez un jour de ce siècle, par exemple 2026-11-30.")
        return day


class SpanQuery(serializers.Serializer):  # half-open, like everything here
    since = InstantField(required=False, help_text="À partir de cet instant, compris")
    until = InstantField(required=False, help_text="Jusqu’à cet instant, non compris")

    def validate(self, attrs: dict) -> dict:
        if "since" in attrs and "until" in attrs and attrs["until"] <= attrs["since"]:
            raise serializers.ValidationError({"until": ["La fin suit le début."]})
        return attrs


class DaysQuery(SpanQuery):
    since = DayField(required=False, help_text="À partir de ce jour, compris")
    until = DayField(required=False, help_text="Jusqu’à ce jour, non compris")


def there(instant: datetime | None, zone: str) -> str | None:
    """With the offset of the place."""
    return local(instant, zone).isoformat() if instant else None
