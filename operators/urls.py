from operators.agenda.urls import urlpatterns as agenda
from operators.attachments.urls import urlpatterns as attachments
from operators.calls.urls import urlpatterns as calls
from operators.coverage.urls import urlpatterns as coverage
from operators.deliveries.urls import urlpatterns as deliveries
from operators.demand.urls import urlpatterns as demand
from operators.desk.urls import urlpatterns as desk
from operators.duplicates.urls import urlpatterns as duplicates
from operators.extracts.urls import urlpatterns as extracts
from operators.groups.urls import urlpatterns as groups
from operators.handovers.urls import urlpatterns as handovers
from operators.network.urls import urlpatterns as network
from operators.notes.urls import urlpatterns as notes
from operators.partners.urls import urlpatterns as partners
from operators.pathways.urls import urlpatterns as pathways
from operators.plans.urls import urlpatterns as plans
from operators.referrals.urls import urlpatterns as referrals
from operators.situations.urls import urlpatterns as situations
from operators.software.urls import urlpatterns as software
from operators.summaries.urls import urlpatterns as summaries
from operators.supervision.urls import urlpatterns as supervision
from operators.team.urls import urlpatterns as team
from operators.transfers.urls import urlpatterns as transfers
from operators.webhooks.urls import urlpatterns as webhooks

app_name = "operators"
urlpatterns = [*agenda, *calls, *coverage, *demand, *groups, *network, *partners, *pathways]
urlpatterns += [*attachments, *desk, *handovers, *notes, *plans, *software, *supervision, *team]
urlpatterns += [*deliveries, *situations, *summaries]
urlpatterns += [*referrals, *transfers]
urlpatterns += [*extracts]
urlpatterns += [*webhooks]
urlpatterns += [*duplicates]
