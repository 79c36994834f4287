"""What webhooks follow in the rooms below, and add to the page of integrations."""

from beneficiaries.request import registry as requests
from operators.booking.agenda import registry as agenda
from operators.casework.pathways import registry as pathways
from operators.exchange.deliveries import registry as deliveries
from operators.exchange.software.registry import register_section
from operators.exchange.webhooks import followers, panels, personal_data


def register() -> None:
    personal_data.declare()
    agenda.register_follower(followers.follow_appointments)
    pathways.register_follower(followers.follow_pathways)
    requests.register_follower(followers.follow_requests)
    deliveries.register_follower(followers.follow_deliveries)
    register_section(
        panels.integrations_section, template="operators/exchange/webhooks/integrations_section.html"
    )
