from django.urls import path

from operators.exchange.software import views
from operators.exchange.software.api import (
    appointments,
    deliveries,
    pathways,
    places,
    references,
    requests,
    tokens,
)

V1 = "api/v1/"
APPOINTMENT = f"{V1}appointments/<uuid:uuid>/"
DELIVERY = f"{V1}deliveries/<uuid:uuid>/"
REFERENCES = f"{V1}references/"

urlpatterns = [
    path("bureau/integrations/", views.integration_list, name="integration_list"),
    path("bureau/integrations/<uuid:uuid>/revoquer/", views.integration_revoke, name="integration_revoke"),
    path("logiciels/", views.api_guide, name="api_guide"),
    path("logiciels/<slug:family>/", views.api_family, name="api_family"),
    path(f"{V1}schema/", views.api_schema, name="api_schema"),
    path(f"{V1}token/", tokens.token, name="api_token"),
    path(f"{V1}sites/", places.sites, name="api_sites"),
    path(f"{V1}slots/", places.slots, name="api_slots"),
    path(f"{V1}appointments/", appointments.appointments, name="api_appointments"),
    path(APPOINTMENT, appointments.appointment_detail, name="api_appointment"),
    path(f"{APPOINTMENT}move/", appointments.appointment_move, name="api_move"),
    path(f"{APPOINTMENT}level/", appointments.appointment_level, name="api_level"),
    path(f"{APPOINTMENT}cancel/", appointments.appointment_cancel, name="api_cancel"),
    path(f"{V1}requests/", requests.requests, name="api_requests"),
    path(f"{V1}requests/<slug:reference>/", requests.request_detail, name="api_request"),
    path(f"{V1}pathways/", pathways.pathways, name="api_pathways"),
    path(f"{V1}pathways/<uuid:uuid>/", pathways.pathway_detail, name="api_pathway"),
    path(f"{V1}sessions/", pathways.sessions, name="api_sessions"),
    path(f"{V1}sessions/<uuid:uuid>/", pathways.session_detail, name="api_session"),
    path(f"{V1}sessions/<uuid:uuid>/correction/", pathways.session_correction, name="api_session_correction"),
    path(f"{V1}deliveries/", deliveries.deliveries, name="api_deliveries"),
    path(DELIVERY, deliveries.delivery_detail, name="api_delivery"),
    path(f"{DELIVERY}refused/", deliveries.delivery_refused, name="api_delivery_refused"),
    path(f"{REFERENCES}lists/", references.lists, name="api_lists"),
    path(f"{REFERENCES}regions/", references.regions, name="api_regions"),
    path(f"{REFERENCES}departments/", references.departments, name="api_departments"),
    path(f"{REFERENCES}communes/", references.communes, name="api_communes"),
]
