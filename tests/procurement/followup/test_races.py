from threading import Barrier, Thread

import pytest
from django.db import connection

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from procurement.followup import services
from procurement.followup.enums import PenaltyState
from procurement.followup.errors import PenaltyStateRefused
from tests.factories.accounts import UserFactory
from tests.procurement.followup.conftest import AFTER

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_deciders_at_once_make_one_decision(penalty_in):
    penalty = penalty_in(PenaltyState.OBSERVED)
    deciders = [UserFactory(role=Role.DECIDER) for _ in range(2)]
    start, outcomes = Barrier(2), []

    def decide(decider, outcome):
        try:
            start.wait()
            services.decide_penalty(
                penalty=penalty,
                outcome=outcome,
                amount_excl_tax=None,
                reasons="Motifs.",
                by=decider,
                now=AFTER,
            )
            outcomes.append(outcome)
        except PenaltyStateRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=decide, args=pair) for pair in zip(deciders, ["APPLIED", "WAIVED"], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    penalty.refresh_from_db()
    assert sorted(outcomes) == sorted([penalty.state, "refused"])
    assert AuditEvent.objects.filter(action="procurement.penalty.decided").count() == 1
