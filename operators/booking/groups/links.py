"""The signed link of a place: whoever holds it sees and cancels it, without an account."""

from typing import Any

from django.urls import reverse

from cep_portal.common.links import SignedUuids, portal_link

_uuids = SignedUuids("operators.groups.place")
sign, unsign = _uuids.sign, _uuids.unsign


def place_path(place: Any) -> str:
    return reverse("operators:group_place", args=[sign(place.uuid)])


def place_link(place: Any) -> str:
    return portal_link("operators:group_place", sign(place.uuid))
