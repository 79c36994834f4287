from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate
from cep_portal.common.days import months_later
from cep_portal.documents.services import issue_document
from reporting.closings.enums import ClosingState
from reporting.closings.models import (
    Closing,
    DataDispute,
    FrozenValue,
    Neutralisation,
    Reopening,
    Restatement,
)
from tests.clock import moved
from tests.factories.accounts import MandateFactory
from tests.factories.procurement import ContractFactory


class ClosingFactory(DjangoModelFactory):
    """A month whose figures the holder may contest; `frozen_under=` a mandate freezes it."""

    class Meta:
        model = Closing
        skip_postgeneration_save = True

    contract = factory.SubFactory(ContractFactory)
    month = date(2026, 8, 1)
    state = ClosingState.PROVISIONAL
    opened_at = factory.LazyAttribute(lambda closing: moved("2026-09-01 05:00"))
    provisional_on = factory.LazyAttribute(
        lambda closing: months_later(closing.month, 1) + timedelta(days=19)
    )
    contest_until = factory.LazyAttribute(lambda closing: closing.provisional_on + timedelta(days=5))
    freeze_from = factory.LazyAttribute(lambda closing: closing.provisional_on + timedelta(days=10))

    @factory.post_generation
    def frozen_under(self, create, mandate: Mandate | None):
        if mandate:
            freeze(self, mandate)


def freeze(closing: Closing, mandate: Mandate) -> None:
    """The month frozen as the service does, with one figure that nothing was counted for."""
    for state in (ClosingState.CONTESTED, ClosingState.FROZEN):
        if state == ClosingState.FROZEN:
            now = datetime.combine(closing.freeze_from, time(10), UTC)
            FrozenValueFactory(closing=closing)
            closing.frozen_at, closing.frozen_under, closing.known_at = now, mandate, now
            closing.evidence = issue_document(
                kind="closing_evidence", title="Preuves", file_name="preuves.csv.gz", content=b"", now=now
            )
            closing.input_sha256 = closing.output_sha256 = "0" * 64
        closing.state = state
        closing.save()


class FrozenValueFactory(DjangoModelFactory):
    class Meta:
        model = FrozenValue

    closing = factory.SubFactory(ClosingFactory)
    kpi = "entries"
    definition_version = 1
    month = factory.SelfAttribute("closing.month")
    numerator = 40
    value = 40
    status = "OK"
    sha256 = "0" * 64


class DataDisputeFactory(DjangoModelFactory):
    class Meta:
        model = DataDispute

    closing = factory.SubFactory(ClosingFactory)
    kpi = "entries"
    words = "Nous comptons 41 entrées."
    raised_at = factory.LazyAttribute(lambda dispute: moved("2026-09-21 10:00"))
    raised_under = factory.SubFactory(MandateFactory, role=Role.OPERATOR_MANAGER)


class NeutralisationFactory(DjangoModelFactory):
    class Meta:
        model = Neutralisation

    contract = factory.SubFactory(ContractFactory)
    first_day = date(2026, 8, 3)
    last_day = date(2026, 8, 4)
    reason = "OUTAGE"
    words = "Panne nationale."
    proposed_at = factory.LazyAttribute(lambda neutral: moved("2026-09-21 10:00"))
    proposed_under = factory.SubFactory(MandateFactory, role=Role.CONTRACT_MANAGER)


class ReopeningFactory(DjangoModelFactory):
    class Meta:
        model = Reopening

    closing = factory.SubFactory(ClosingFactory)
    words = "Des séances ont été oubliées."
    asked_at = factory.LazyAttribute(lambda reopening: moved("2026-11-21 10:00"))
    asked_under = factory.SubFactory(MandateFactory, role=Role.ANALYST)


class RestatementFactory(DjangoModelFactory):
    class Meta:
        model = Restatement

    frozen = factory.SubFactory(FrozenValueFactory)
    quarter = date(2026, 7, 1)
    known_at = factory.LazyAttribute(lambda restatement: moved("2026-11-21 10:00"))
    numerator = 42
    value = 42
    is_material = True


def closing_kwargs(contract) -> dict[str, dict]:
    """What stands behind every address of the closings of a contract."""
    frozen = ClosingFactory(contract=contract, frozen_under=MandateFactory(role=Role.ANALYST))
    value = frozen.values.get()
    provisional = ClosingFactory(contract=contract, month=date(2026, 9, 1))
    month = {"uuid": provisional.uuid}
    neutral = NeutralisationFactory(contract=contract, first_day=date(2026, 9, 3), last_day=date(2026, 9, 4))
    return {
        "reporting:closing": month,
        "reporting:closing_freeze": month,
        "reporting:neutralisation_propose": month,
        "reporting:own_closing": month,
        "reporting:reopening_ask": {"uuid": frozen.uuid},
        "reporting:reopening_decide": {"uuid": ReopeningFactory(closing=frozen).uuid},
        "reporting:dispute_answer": {
            "uuid": DataDisputeFactory(closing=provisional, raised_at=moved("2026-10-21 10:00")).uuid
        },
        "reporting:neutralisation_decide": {"uuid": neutral.uuid},
        "reporting:restatement_decide": {"uuid": RestatementFactory(frozen=value).uuid},
        **{
            f"reporting:{name}": {"uuid": value.uuid}
            for name in ("figure", "figure_compare", "figure_evidence", "own_figure")
        },
    }
