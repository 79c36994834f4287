from django.core.management.base import BaseCommand

from cep_portal.territories.services import load_territories
from operators.casework.plans.services import load_plan_reference
from procurement.contracts.services import load_contracts
from procurement.tender.reference import MARKETS, RULE_SETS
from procurement.tender.services import load_markets


class Command(BaseCommand):
    help = "Load or refresh the reference data: territories, markets, lots and contracts, occupations."

    def handle(self, *_args: object, verbosity: int, **_options: object) -> None:
        counts = load_territories()
        counts |= load_markets(markets=MARKETS, rule_sets=RULE_SETS)
        counts |= load_contracts(markets=MARKETS)
        counts |= load_plan_reference()
        if verbosity:
            for name, count in counts.items():
                self.stdout.write(f"{name:<22}{count:>8}")
