from operators.booking.agenda.urls import urlpatterns as agenda
from operators.booking.coverage.urls import urlpatterns as coverage
from operators.booking.demand.urls import urlpatterns as demand
from operators.booking.groups.urls import urlpatterns as groups
from operators.booking.supervision.urls import urlpatterns as supervision
from operators.casework.attachments.urls import urlpatterns as attachments
from operators.casework.desk.urls import urlpatterns as desk
from operators.casework.notes.urls import urlpatterns as notes
from operators.casework.pathways.urls import urlpatterns as pathways
from operators.casework.plans.urls import urlpatterns as plans
from operators.casework.referrals.urls import urlpatterns as referrals
from operators.casework.situations.urls import urlpatterns as situations
from operators.casework.summaries.urls import urlpatterns as summaries
from operators.exchange.deliveries.urls import urlpatterns as deliveries
from operators.exchange.extracts.urls import urlpatterns as extracts
from operators.exchange.software.urls import urlpatterns as software
from operators.exchange.webhooks.urls import urlpatterns as webhooks
from operators.moving.duplicates.urls import urlpatterns as duplicates
from operators.moving.handovers.urls import urlpatterns as handovers
from operators.moving.transfers.urls import urlpatterns as transfers
from operators.network.urls import urlpatterns as network
from operators.reception.calls.urls import urlpatterns as calls
from operators.reception.partners.urls import urlpatterns as partners
from operators.reception.team.urls import urlpatterns as team

app_name = "operators"
urlpatterns = [*agenda, *calls, *coverage, *demand, *groups, *network, *partners, *pathways]
urlpatterns += [*attachments, *desk, *handovers, *notes, *plans, *software, *supervision, *team]
urlpatterns += [*deliveries, *situations, *summaries]
urlpatterns += [*referrals, *transfers]
urlpatterns += [*extracts]
urlpatterns += [*webhooks]
urlpatterns += [*duplicates]
