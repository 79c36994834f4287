from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cep_portal.accounts import services
from cep_portal.accounts.enums import Role
from cep_portal.accounts.errors import (
    MandateAlreadyEnded,
    MandateOverlap,
    MandateScopeInvalid,
    SiretInvalid,
)
from cep_portal.accounts.models import AuditEvent, Mandate, Organisation, User
from cep_portal.accounts.services import MandateScope
from tests.clock import machine_now
from tests.factories.accounts import MandateFactory, OrganisationFactory, UserFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_grant_mandate_writes_the_audit_line():
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    user = UserFactory()

    mandate = services.grant_mandate(
        user=user, role=Role.ANALYST, starts_on=date(2026, 1, 1), by=administrator
    )

    line = AuditEvent.objects.get()
    assert (line.action, line.actor, line.mandate, line.target_id) == (
        "accounts.mandate.granted",
        administrator,
        administrator.mandate,
        mandate.pk,
    )


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COMMITTEE_MEMBER])
def test_grant_mandate_refuses_a_missing_scope(role):
    with pytest.raises(MandateScopeInvalid):
        services.grant_mandate(user=UserFactory(), role=role, starts_on=date(2026, 1, 1), by=None)


def test_grant_mandate_refuses_the_same_mandate_twice():
    user = UserFactory(role=Role.ANALYST)

    with pytest.raises(MandateOverlap):
        services.grant_mandate(user=user, role=Role.ANALYST, starts_on=date(2026, 1, 1), by=None)


def test_same_role_in_two_organisations_is_allowed():
    user = UserFactory(role=Role.ADVISER)

    services.grant_mandate(
        user=user,
        role=Role.ADVISER,
        scope=MandateScope(organisation=OrganisationFactory()),
        starts_on=date(2026, 1, 1),
        by=None,
    )

    assert user.mandates.count() == 2


def test_mandate_region_must_exist():
    MandateFactory(role=Role.COMMITTEE_MEMBER, region_code="99")

    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    Mandate.objects.all().delete()


def test_ended_mandate_stops_at_the_next_request(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(user)
    assert client.get(reverse("accounts:mandate_list")).status_code == 200

    services.end_mandate(mandate=user.mandate, by=None, now=NOW)

    assert client.get(reverse("accounts:mandate_list")).status_code == 403


def test_end_mandate_twice_is_refused():
    mandate = MandateFactory(role=Role.ANALYST)
    services.end_mandate(mandate=mandate, by=None, now=NOW)

    with pytest.raises(MandateAlreadyEnded):
        services.end_mandate(mandate=mandate, by=None, now=NOW)


def test_mandate_of_yesterday_gives_nothing(client):
    user = UserFactory()
    MandateFactory(user=user, role=Role.ADMINISTRATOR, ends_on=date(2024, 12, 31))
    client.force_login(user)

    assert client.get(reverse("accounts:mandate_list")).status_code == 403
    assert client.get(reverse("desk")).status_code == 403


def test_switch_changes_the_role_for_the_session(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    other = MandateFactory(user=user, role=Role.ANALYST)
    client.force_login(user)

    client.post(reverse("accounts:switch"), {"mandate": other.uuid})

    assert client.get(reverse("accounts:mandate_list")).status_code == 403
    assert client.get(reverse("accounts:switch")).context["user"].role == Role.ANALYST


def test_switch_refuses_the_mandate_of_another(client):
    user = UserFactory(role=Role.ANALYST)
    foreign = MandateFactory(role=Role.ADMINISTRATOR)
    client.force_login(user)

    client.post(reverse("accounts:switch"), {"mandate": foreign.uuid})

    assert client.get(reverse("accounts:switch")).context["user"].role == Role.ANALYST


@pytest.mark.parametrize("mandate_count", [1, 4])
def test_mandate_list_query_count_is_constant(client, django_assert_num_queries, mandate_count):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    MandateFactory.create_batch(mandate_count, role=Role.ANALYST)

    with django_assert_num_queries(
        8
    ):  # session, user, own mandates, count, page, organisations, regions (widget, field)
        response = client.get(reverse("accounts:mandate_list"))

    assert len(response.context["page"]) == mandate_count + 1


def test_mandate_list_grants_by_form(client):
    region = RegionFactory()
    user = UserFactory()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    client.post(
        reverse("accounts:mandate_list"),
        {
            "email": user.email,
            "role": "COMMITTEE_MEMBER",
            "region_code": region.code,
            "starts_on": "2026-01-01",
        },
    )

    assert [(mandate.region_code, mandate.region_name) for mandate in user.mandates.all()] == [
        ("53", "Bretagne")
    ]


def test_mandate_list_names_the_unknown_address(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    response = client.post(
        reverse("accounts:mandate_list"),
        {"email": "inconnue@exemple.example", "role": "ANALYST", "starts_on": "2026-01-01"},
    )

    assert response.context["form"].errors == {
        "email": ["Aucun compte d’agent n’a cette adresse : donnez prénom et nom pour l’ouvrir."]
    }
    assert Mandate.objects.count() == 1


def test_mandate_list_opens_the_account_of_a_new_agent(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    form = {"email": "nouvelle@exemple.example", "first_name": "Ada", "last_name": "Roche"}

    client.post(reverse("accounts:mandate_list"), {**form, "role": "ANALYST", "starts_on": "2026-01-01"})

    mandate = Mandate.objects.get(role=Role.ANALYST)
    assert (mandate.user.email, mandate.user.has_usable_password()) == ("nouvelle@exemple.example", False)
    assert AuditEvent.objects.filter(action="accounts.user.created").count() == 1


def test_mandate_list_opens_no_account_for_a_refused_mandate(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    form = {"email": "nouvelle@exemple.example", "first_name": "Ada", "last_name": "Roche"}

    response = client.post(
        reverse("accounts:mandate_list"), {**form, "role": "ADVISER", "starts_on": "2026-01-01"}
    )

    refusal = "Le périmètre ou les dates ne conviennent pas à ce rôle."
    assert response.context["form"].errors == {"__all__": [refusal]}
    assert User.objects.filter(email="nouvelle@exemple.example").count() == 0


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditevent SET action = 'x'", "DELETE FROM accounts_auditevent"]
)
def test_journal_is_append_only(statement):
    services.record(action="test", target=OrganisationFactory(), by=None, now=machine_now())

    with pytest.raises(Exception, match=r"append_only|kept_a_year"), transaction.atomic():
        connection.cursor().execute(statement)


def test_create_organisation_refuses_a_wrong_siret():
    with pytest.raises(SiretInvalid):
        services.create_organisation(name="Faux", siret="21750001630066", by=None)

    assert Organisation.objects.count() == 0


def test_mandate_removed_twice_is_removed_once(client):
    """Two administrators, or one double click."""
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    page = reverse("accounts:mandate_end", args=[MandateFactory().uuid])

    assert [client.post(page).status_code for _ in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(action="accounts.mandate.ended").count() == 1


def test_entrusting_a_mandate_comes_first_and_opens_on_its_errors(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    url = reverse("accounts:mandate_list")

    page, refused = client.get(url).text, client.post(url, {"email": "x"}).text

    assert page.index(">Confier un mandat<") < page.index("<table")
    assert ['<details class="dialog" open>' in text for text in (page, refused)] == [False, True]
