"""The menu of each role: short enough for one row, and every page of the role within two acts."""

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import entries_for
from tests.factories.accounts import UserFactory

AT_MOST = 8  # places in the row at 1280 px


def groups_of(role: str) -> list[str]:
    return list(dict.fromkeys(entry.group or entry.label for entry in entries_for(role)))


@pytest.mark.parametrize("role", Role.values)
def test_menu_fits_one_row(role):
    assert len(groups_of(role)) <= AT_MOST


@pytest.mark.parametrize("role", Role.values)
def test_group_is_never_split_by_another_entry(role):
    places = [entry.group or entry.label for entry in entries_for(role)]

    assert places == sorted(places, key=groups_of(role).index)


def test_manager_menu_in_order():
    assert groups_of(Role.OPERATOR_MANAGER) == [
        "À faire",
        "Mon lot",
        "Capacité",
        "Réseau",
        "Réunions",
        "À suivre",
        "Contrat",
        "Données",
    ]


def test_adviser_menu_in_order():
    assert groups_of(Role.ADVISER) == [
        "Aujourd’hui",
        "Agenda",
        "Parcours",
        "Trouver un créneau",
        "Personnes",
        "Mes horaires",
        "Réunions",
        "À suivre",
    ]


@pytest.mark.django_db
def test_page_of_a_group_shows_the_row_of_the_group(client):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))

    context = client.get(reverse("operators:call_back_list")).context

    assert [item["label"] for item in context["subnav"]] == [
        "Remplacements",
        "Rappels",
        "Liste d’attente",
        "Confier des parcours",
        "Réclamations",
        "Transferts",
        "Doublons",
    ]
    assert [item["label"] for item in context["subnav"] if item["current"] == "page"] == ["Rappels"]
    assert [item["label"] for item in context["nav"] if item["current"]] == ["À suivre"]


@pytest.mark.django_db
def test_page_outside_a_group_shows_one_row(client):
    client.force_login(UserFactory(role=Role.INTAKE_OFFICER))

    context = client.get(reverse("operators:request_list")).context

    assert [(item["label"], item["current"]) for item in context["nav"] if item["current"]] == [
        ("Demandes et appels", "page")
    ]
    assert context["subnav"] == []
