"""An operator whose software sends files: where it receives, and lines that stand by themselves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from cep_portal.accounts.models import Organisation
from operators.exchange.deliveries.models import DataDelivery
from operators.exchange.deliveries.rules.columns import NAMES
from operators.exchange.deliveries.services import send_delivery, take_delivery
from operators.network.models import Adviser, Site
from tests.factories.accounts import OrganisationFactory
from tests.factories.operators import AdviserFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class DataDeliveryFactory(DjangoModelFactory):
    """Waiting, of a CSV file whose bytes nobody stored."""

    class Meta:
        model = DataDelivery

    organisation = factory.SubFactory(OrganisationFactory)
    sent_at = NOW
    file_name = "remontee.csv"
    file_format = "csv"
    size_bytes = 10
    sha256 = "0" * 64


@dataclass
class Software:
    """An operator under contract, with a site, an adviser and a commune of its region."""

    organisation: Organisation
    site: Site
    adviser: Adviser
    commune: str
    sent: int = field(default=0)

    def request(self, **cells: str) -> dict[str, str]:
        return {
            "nature": "DEMANDE",
            "id": "D-1",
            "personne": "P-1",
            "date_heure": "2026-03-02 18:40",
            "situation": "EMPLOYEE",
            "commune": self.commune,
            "commune_de": "HOME",
            "besoins": "TRAINING|TAKE_STOCK",
            **cells,
        }

    def appointment(self, **cells: str) -> dict[str, str]:
        return {
            "nature": "RENDEZ_VOUS",
            "id": "R-1",
            "personne": "P-1",
            "date_heure": "2026-03-12 10:00",
            "duree_minutes": "60",
            "lieu": self.site.slug,
            "conseiller": self.adviser.user.email,
            "niveau": "ONE",
            "modalite": "ON_SITE",
            "etat": "ATTENDED",
            "pris_le": "2026-03-02 18:45",
            **cells,
        }

    def session(self, **cells: str) -> dict[str, str]:
        return {
            "nature": "SEANCE",
            "id": "S-1",
            "personne": "P-1",
            "parcours": "A-1",
            "date_heure": "2026-03-12 10:05",
            "duree_minutes": "55",
            "lieu": self.site.slug,
            "conseiller": str(self.adviser.uuid),
            "niveau": "ONE",
            "modalite": "ON_SITE",
            "themes": "PROJECT|SITUATION",
            "suite": "PERSON_ACTS",
            **cells,
        }

    def closing(self, **cells: str) -> dict[str, str]:
        return {
            "nature": "CLOTURE",
            "id": "C-1",
            "parcours": "A-1",
            "date_heure": "2026-03-12 11:10",
            "issue": "PROJECT_READY",
            **cells,
        }

    def road(self) -> list[dict[str, str]]:
        """One person, from the request to the closing."""
        return [
            self.request(),
            self.appointment(demande="D-1"),
            self.session(rendez_vous="R-1"),
            self.closing(),
        ]

    def send(self, *lines: dict[str, str], now: datetime = NOW, trial: bool = False) -> DataDelivery:
        return self.send_bytes(csv_of(*lines).encode(), now=now, trial=trial)

    def send_bytes(
        self, content: bytes, *, name: str = "remontee.csv", now: datetime = NOW, trial: bool = False
    ) -> DataDelivery:
        """Send and read at once, as the worker would."""
        delivery, _ = send_delivery(
            organisation=self.organisation,
            file_name=name,
            pieces=[content],
            is_trial=trial,
            by=None,
            now=now,
        )
        take_delivery(delivery_id=delivery.pk, now=now)
        delivery.refresh_from_db()
        return delivery


def csv_of(*lines: dict[str, str], separator: str = ";") -> str:
    rows = [NAMES, *([line.get(name, "") for name in NAMES] for line in lines)]
    return "".join(separator.join(row) + "\n" for row in rows)


def software() -> Software:
    """A regional contract of 2026, a site and an adviser in its region."""
    commune = CommuneFactory()
    contract = ContractFactory(lot__regions=[commune.department.region])
    site = SiteFactory(contract=contract, commune=commune)
    return Software(contract.holder, site, AdviserFactory(site=site), commune.code)
