import re
from datetime import date, datetime

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.days import months_later
from cep_portal.common.wording.numbers import in_groups
from reporting.closings import services
from reporting.closings.models import Closing, DataDispute, Neutralisation, Reopening
from tests.factories.accounts import UserFactory
from tests.factories.closings import ReopeningFactory, RestatementFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory
from tests.reporting.closings.conftest import DURING_CONTEST, FIRST_OF_NOVEMBER, FREEZE_DAY

STEERING = [Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER]


def page(client, user, name, *args):
    client.force_login(user)
    response = client.get(reverse(f"reporting:{name}", args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("role", STEERING)
def test_frozen_month_and_its_figures_are_pages(client, frozen, people, role):
    entries = frozen.values.get(kpi="entries")

    table = page(client, people[role], "closings")
    month = page(client, people[role], "closing", frozen.uuid)
    number = page(client, people[role], "figure", entries.uuid)

    assert reverse("reporting:closing", args=[frozen.uuid]) in table
    assert reverse("reporting:figure", args=[entries.uuid]) in month
    assert "Entrées : 3" in number
    assert in_groups(entries.sha256) in number
    assert in_groups(frozen.output_sha256) in month
    assert ("Ouvrir les preuves" in number) is (role != Role.DECIDER)


def test_holder_reads_the_own_months_only(client, frozen, people):
    holder = people[Role.OPERATOR_MANAGER]
    value = frozen.values.get(kpi="entries")

    assert "octobre 2026" in page(client, holder, "own_closings")
    assert "arrêté depuis le" in page(client, holder, "own_closing", frozen.uuid)
    assert in_groups(value.sha256) in page(client, holder, "own_figure", value.uuid)
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))
    for name, uuid in (("own_closing", frozen.uuid), ("own_figure", value.uuid)):
        assert client.get(reverse(f"reporting:{name}", args=[uuid])).status_code == 404


@pytest.mark.at("2026-11-23 10:00")
def test_holder_contests_on_the_page_and_the_manager_answers(client, provisional, people, facts):
    url = reverse("reporting:own_closing", args=[provisional.uuid])
    client.force_login(people[Role.OPERATOR_MANAGER])

    empty = client.post(url, {"kpi": "entries", "words": ""})
    client.post(url, {"kpi": "entries", "words": "Nous comptons 4 entrées."})

    dispute = DataDispute.objects.get()
    assert "Ce que vous contestez" in empty.content.decode()
    answer = reverse("reporting:dispute_answer", args=[dispute.uuid])
    assert answer in page(client, people[Role.CONTRACT_MANAGER], "closing", provisional.uuid)
    assert answer not in page(client, people[Role.ANALYST], "closing", provisional.uuid)
    client.force_login(people[Role.CONTRACT_MANAGER])
    kept = client.post(answer, {"outcome": "", "answer": "Motifs gardés."})
    assert "Motifs gardés." in kept.content.decode()
    client.post(answer, {"outcome": "REJECTED", "answer": "Une entrée est de novembre."})
    assert "Une entrée est de novembre." in page(
        client, people[Role.OPERATOR_MANAGER], "own_closing", provisional.uuid
    )


@pytest.mark.at("2026-12-01 10:00")
def test_analyst_freezes_and_counts_again(client, contested, people, facts):
    analyst, freeze = people[Role.ANALYST], reverse("reporting:closing_freeze", args=[contested.uuid])

    assert freeze in page(client, analyst, "closing", contested.uuid)
    assert freeze not in page(client, people[Role.DECIDER], "closing", contested.uuid)
    client.force_login(analyst)
    client.post(freeze)

    contested.refresh_from_db()
    value = contested.values.get(kpi="entries")
    answer = client.post(reverse("reporting:figure_compare", args=[value.uuid])).content.decode()
    assert "Même chiffre, mêmes empreintes" in answer


@pytest.mark.at("2026-11-30 08:00")
def test_page_says_why_a_month_cannot_be_frozen(client, provisional, people):
    response = None
    client.force_login(people[Role.ANALYST])

    response = client.post(reverse("reporting:closing_freeze", args=[provisional.uuid]), follow=True)

    assert "cet acte n’est pas possible" in response.content.decode()


@pytest.mark.at("2026-12-02 10:00")
def test_evidence_is_given_for_a_reason_and_kept_in_the_journal(client, frozen, people):
    analyst, value = people[Role.ANALYST], frozen.values.get(kpi="entries")
    url = reverse("reporting:figure_evidence", args=[value.uuid])
    client.force_login(analyst)

    refused = client.post(url, {"reason": ""}, follow=True).content.decode()
    given = client.post(url, {"reason": "Contrôle du mois."})

    assert "Écrivez votre motif" in refused
    assert given["Content-Disposition"] == 'attachment; filename="preuves-2026-10-v1.csv.gz"'
    opened = AuditEvent.objects.get(action="reporting.closing.opened")
    assert (opened.actor, opened.data) == (analyst, {"reason": "Contrôle du mois."})


@pytest.mark.at("2026-12-02 10:00")
def test_two_people_reopen_on_the_page(client, frozen, people):
    client.force_login(people[Role.ANALYST])
    client.post(reverse("reporting:reopening_ask", args=[frozen.uuid]), {"words": "Séances oubliées."})
    asked = Reopening.objects.get()
    url = reverse("reporting:reopening_decide", args=[asked.uuid])

    assert url in page(client, people[Role.DECIDER], "closing", frozen.uuid)
    client.force_login(people[Role.DECIDER])
    client.post(url, {"outcome": "ACCEPTED", "reasons": "Établi."})

    assert list(Closing.objects.order_by("number").values_list("number", "state")) == [
        (1, "FROZEN"),
        (2, "PROVISIONAL"),
    ]


@pytest.mark.at("2026-11-23 10:00")
def test_days_are_proposed_and_decided_on_the_page(client, provisional, people):
    client.force_login(people[Role.CONTRACT_MANAGER])
    url = reverse("reporting:neutralisation_propose", args=[provisional.uuid])

    refused = client.post(
        url, {"first_day": "6/10/2026", "last_day": "5/10/2026", "reason": "OUTAGE", "words": "Panne."}
    )
    client.post(
        url, {"first_day": "5/10/2026", "last_day": "6/10/2026", "reason": "OUTAGE", "words": "Panne."}
    )

    assert "Le dernier jour précède le premier." in refused.content.decode()
    neutral = Neutralisation.objects.get()
    client.force_login(people[Role.DECIDER])
    client.post(
        reverse("reporting:neutralisation_decide", args=[neutral.uuid]),
        {"outcome": "REFUSED", "reasons": "Non établi."},
    )
    neutral.refresh_from_db()
    assert (neutral.first_day, neutral.outcome) == (date(2026, 10, 5), "REFUSED")


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.at("2026-11-23 10:00")
def test_table_costs_the_same_for_one_lot_and_for_four(client, people, count, django_assert_num_queries):
    for _ in range(count - 1):
        ContractFactory()
    services.open_closings(now=FIRST_OF_NOVEMBER)
    client.force_login(people[Role.ANALYST])
    client.get(reverse("reporting:closings"))

    with django_assert_num_queries(6):
        response = client.get(reverse("reporting:closings"))

    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.at("2026-12-02 10:00")
def test_own_list_costs_the_same_for_one_month_and_for_four(
    client, frozen, people, count, django_assert_num_queries
):
    for back in range(1, count):
        month = months_later(frozen.month, -back)
        Closing.objects.create(
            contract=frozen.contract,
            month=month,
            opened_at=FREEZE_DAY,
            provisional_on="2026-11-20",
            contest_until="2026-11-25",
            freeze_from="2026-11-30",
        )
    client.force_login(people[Role.OPERATOR_MANAGER])
    client.get(reverse("reporting:own_closings"))

    with django_assert_num_queries(4):
        response = client.get(reverse("reporting:own_closings"))

    assert len(response.context["closings"]) == count


@pytest.mark.at("2026-11-23 10:00")
def test_what_waits_is_in_the_list_of_who_must_do_it(client, provisional, people):
    services.raise_dispute(
        closing=provisional,
        kpi="entries",
        words="Faux.",
        by=people[Role.OPERATOR_MANAGER],
        now=DURING_CONTEST,
    )
    home = reverse("to_do")

    for role, words in (
        (Role.OPERATOR_MANAGER, "Vérifier les chiffres"),
        (Role.CONTRACT_MANAGER, "Répondre à la contestation du titulaire"),
    ):
        client.force_login(people[role])
        assert words in client.get(home).content.decode()


@pytest.mark.at("2026-11-24 10:00")
def test_two_disputes_have_forms_of_their_own(client, provisional, people):
    """No id stands twice, and what was refused comes back where it was typed, and nowhere else."""
    holder, manager = people[Role.OPERATOR_MANAGER], people[Role.CONTRACT_MANAGER]
    first, _ = (
        services.raise_dispute(closing=provisional, kpi=kpi, words="Faux.", by=holder, now=DURING_CONTEST)
        for kpi in ("entries", "no_show_rate")
    )
    client.force_login(manager)
    url = reverse("reporting:dispute_answer", args=[first.uuid])

    text = client.post(url, {"outcome": "", "answer": "Motifs gardés."}).content.decode()

    ids = re.findall(r' id="([^"]+)"', text)
    assert sorted(name for name in set(ids) if ids.count(name) > 1) == []
    assert text.count("Motifs gardés.") == 1
    assert text.count('class="error-summary"') == 1


@pytest.mark.at("2026-12-01 10:00")
def test_analyst_freezes_all_that_is_due_in_one_act(client, contested, people, facts):
    ContractFactory()
    services.open_closings(now=FIRST_OF_NOVEMBER)
    for day in ("2026-11-23", "2026-11-27"):
        services.advance_closings(now=datetime.fromisoformat(f"{day}T04:00+00:00"))
    act = reverse("reporting:closings_freeze")

    assert act in page(client, people[Role.ANALYST], "closings")
    assert act not in page(client, people[Role.DECIDER], "closings")
    client.force_login(people[Role.ANALYST])
    said = client.post(act, follow=True).content.decode()

    assert "2 mois arrêtés" in said
    assert act not in said
    assert set(Closing.objects.values_list("state", flat=True)) == {"FROZEN"}


@pytest.mark.at("2026-12-02 10:00")
def test_page_says_what_became_of_each_commitment_and_reading_is_kept(client, contested, people, facts):
    CommitmentVersionFactory(commitment__contract=contested.contract, indicator="no_show_rate")
    frozen = services.freeze_month(closing=contested, by=people[Role.ANALYST], now=FREEZE_DAY)

    text = page(client, people[Role.DECIDER], "closing", frozen.uuid)
    page(client, people[Role.DECIDER], "figure", frozen.values.get(kpi="entries").uuid)

    result = frozen.results.get()
    assert (result.reason in text, result.get_outcome_display() in text) == (True, True)
    opened = AuditEvent.objects.filter(action__endswith=".opened").order_by("pk")
    assert [(event.action, event.actor) for event in opened] == [
        ("reporting.closing.opened", people[Role.DECIDER]),
        ("reporting.frozenvalue.opened", people[Role.DECIDER]),
    ]


def test_month_that_a_decider_wants_reopened_is_a_task_of_the_analyst(client, frozen, people):
    value = frozen.values.get(kpi="entries")
    RestatementFactory(
        frozen=value,
        decision="REOPEN",
        reasons="Dix séances.",
        decided_at=FREEZE_DAY,
        decided_under=people[Role.DECIDER].mandate,
    )
    client.force_login(people[Role.ANALYST])
    home = reverse("to_do")

    assert "Demander la réouverture" in client.get(home).content.decode()
    ReopeningFactory(closing=frozen)
    assert "Demander la réouverture" not in client.get(home).content.decode()
