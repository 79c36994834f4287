from beneficiaries.request import hooks as requests
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from operators.booking.agenda import hooks as agenda
from operators.casework.pathways import hooks as pathways
from operators.exchange.deliveries import hooks as deliveries
from operators.exchange.software.hooks import PARTS, ReadIntegrations
from operators.exchange.webhooks import selectors
from operators.exchange.webhooks.services import followers
from operators.menus import DATA, MANAGER


def integrations_section(read: ReadIntegrations) -> dict:
    return {"health": selectors.health(user=read.user)}


def contribute() -> None:
    MENU.add(Entry("Webhooks", "operators:webhook_list", MANAGER, order=92, group=DATA))
    agenda.FOLLOWERS.add(followers.follow_appointments)
    pathways.FOLLOWERS.add(followers.follow_pathways)
    requests.FOLLOWERS.add(followers.follow_requests)
    deliveries.FOLLOWERS.add(followers.follow_deliveries)
    template = "operators/exchange/webhooks/integrations_section.html"
    PARTS.add(PagePart("Webhooks", template, integrations_section))
