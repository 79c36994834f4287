"""A link already sent stays good, and opens one thing of one kind."""

from itertools import permutations
from uuid import UUID

import pytest
from django.core.signing import Signer

from beneficiaries.complaints import links as complaint_links
from beneficiaries.rights import links as rights_links
from cep_portal.common.links import portal_link
from operators.booking.agenda import links as appointment_links
from operators.booking.demand import links as offer_links
from operators.booking.groups import links as place_links
from reporting.surveys import links as survey_links

ONE = UUID("8d1f2c1e-5a0b-4c7e-9c55-2f6f8a3b7d10")
SALTS = {
    appointment_links: "operators.agenda.appointment",
    complaint_links: "beneficiaries.complaints.follow",
    place_links: "operators.groups.place",
    rights_links: "beneficiaries.rights.keep",
    survey_links: "reporting.surveys.answer",
}
KINDS = [*SALTS, offer_links]


@pytest.mark.parametrize("links", SALTS)
def test_link_already_sent_stays_good(links):
    sent = Signer(salt=SALTS[links], sep=".").sign(ONE.hex)

    assert (links.sign(ONE), links.unsign(sent)) == (sent, ONE)


@pytest.mark.parametrize("links", KINDS)
@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "é" + text[1:], lambda _: ""])
def test_altered_link_opens_nothing(links, change):
    assert links.unsign(change(links.sign(ONE))) is None


@pytest.mark.parametrize(("links", "others"), list(permutations(KINDS, 2)))
def test_link_of_one_kind_opens_no_other(links, others):
    assert others.unsign(links.sign(ONE)) is None


def test_portal_link_is_absolute(settings):
    settings.PORTAL_BASE_URL = "https://mon-cep.example"

    assert portal_link("operators:offer", "abc") == "https://mon-cep.example/proposition/abc/"
