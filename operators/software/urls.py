from django.urls import path

from operators.software import api, deliveries, views

V1 = "api/v1/"
ONE = f"{V1}appointments/<uuid:uuid>/"
DELIVERY = f"{V1}deliveries/<uuid:uuid>/"

urlpatterns = [
    path("bureau/integrations/", views.integration_list, name="integration_list"),
    path("bureau/integrations/<uuid:uuid>/revoquer/", views.integration_revoke, name="integration_revoke"),
    path(f"{V1}schema/", api.schema, name="api_schema"),
    path(f"{V1}token/", api.token, name="api_token"),
    path(f"{V1}sites/", api.sites, name="api_sites"),
    path(f"{V1}slots/", api.slots, name="api_slots"),
    path(f"{V1}appointments/", api.appointments, name="api_appointments"),
    path(ONE, api.appointment_detail, name="api_appointment"),
    path(f"{ONE}move/", api.appointment_move, name="api_move"),
    path(f"{ONE}cancel/", api.appointment_cancel, name="api_cancel"),
    path(f"{V1}deliveries/", deliveries.deliveries, name="api_deliveries"),
    path(DELIVERY, deliveries.delivery_detail, name="api_delivery"),
    path(f"{DELIVERY}refused/", deliveries.delivery_refused, name="api_delivery_refused"),
]
