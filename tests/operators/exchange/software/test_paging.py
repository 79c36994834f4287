"""Lists go on by a cursor: in one order, nothing twice, nothing lost while rows arrive."""

import pytest
from django.core import signing

from operators.exchange.software.api.paging import MOST, SALT
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.operators.exchange.software.calls import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def asked(site, **facts):
    return ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory(), **facts)


def test_pages_follow_each_other_and_keep_the_filters(api, site):
    own = [asked(site).reference for _ in range(5)]
    asked(site, state="SERVED")

    read, following = [], url("requests") + "?limit=2&state=REGISTERED"
    while following:
        answer = api.get(following).json()
        read.append([one["reference"] for one in answer["results"]])
        following = answer["next"]

    assert read == [own[:2], own[2:4], own[4:]]


def test_what_arrives_meanwhile_is_read_at_the_end(api, site):
    first = [asked(site).reference for _ in range(2)]
    page = api.get(url("requests"), {"limit": 1}).json()
    late = asked(site).reference

    rest = api.get(page["next"].replace("limit=1", "limit=100")).json()

    assert [one["reference"] for one in rest["results"]] == [first[1], late]


def test_a_page_that_is_just_full_is_the_last(api, site):
    for _ in range(2):
        asked(site)

    assert api.get(url("requests"), {"limit": 2}).json()["next"] is None


def test_a_page_holds_a_hundred_rows_unless_asked(api, site):
    for _ in range(MOST + 1):
        asked(site)

    answer = api.get(url("requests")).json()

    assert (len(answer["results"]), answer["next"] is None) == (MOST, False)


@pytest.mark.parametrize("forged", ["x", signing.dumps(3), signing.dumps("3", salt=SALT)])
def test_only_our_cursors_are_followed(api, forged):
    assert api.get(url("requests"), {"cursor": forged}).status_code == 422


def test_cursor_of_a_list_never_opens_another_operator_s_rows(api, site):
    ServiceRequestFactory()

    assert api.get(url("requests"), {"cursor": signing.dumps(0, salt=SALT)}).json()["results"] == []
