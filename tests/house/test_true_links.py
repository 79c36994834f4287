"""Every signed link says whether it was cut on its way or opens nothing any more, and shows a way on."""

import uuid

import pytest
from django.urls import reverse

from beneficiaries.complaints import links as complaints
from beneficiaries.rights import links as rights
from operators.booking.agenda import links as agenda
from operators.booking.demand import links as demand
from operators.booking.groups import links as groups
from operators.casework.referrals import links as referrals
from operators.moving.transfers import links as transfers
from reporting.surveys import links as surveys

pytestmark = pytest.mark.django_db
LINKS = {
    "operators:appointment": agenda.sign,
    "operators:replacement": agenda.sign,
    "operators:offer": demand.sign,
    "operators:group_place": groups.sign,
    "operators:transfer_link": transfers.sign,
    "operators:referral_answer": referrals.sign,
    "beneficiaries:complaint_follow": complaints.sign,
    "beneficiaries:file_keep": rights.sign,
    "reporting:survey": surveys.sign,
}


@pytest.mark.parametrize("name", LINKS)
def test_link_that_was_cut_says_so_and_shows_a_way_on(client, name):
    signed = LINKS[name](uuid.uuid4())

    page = client.get(reverse(name, args=[signed[:-3]]))

    assert page.status_code == 404
    assert "coupé" in page.text
    assert "n’ouvre plus rien" not in page.text
    assert 'class="button' in page.text


@pytest.mark.parametrize("name", LINKS)
def test_whole_link_to_what_is_gone_does_not_say_it_was_cut(client, name):
    page = client.get(reverse(name, args=[LINKS[name](uuid.uuid4())]))

    assert page.status_code == 404
    assert "n’ouvre plus rien" in page.text
    assert "coupé" not in page.text
    assert 'class="button' in page.text
