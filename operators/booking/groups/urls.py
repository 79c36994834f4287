from django.urls import path

from operators.booking.groups.views import desk, places

urlpatterns = [
    path("reunions/", places.group_list, name="group_list"),
    path("rendez-vous/reunions/<slug:reference>/", places.group_choose, name="group_choose"),
    path("rendez-vous/reunions/<slug:reference>/<uuid:uuid>/", places.group_join, name="group_join"),
    path(
        "rendez-vous/reunions/<slug:reference>/<uuid:uuid>/code/<uuid:code>/",
        places.group_code,
        name="group_code",
    ),
    path("reunions/place/<str:signed>/", places.group_place, name="group_place"),
    path(
        "reunions/place/<str:signed>/rendez-vous.ics",
        places.group_place_calendar,
        name="group_place_calendar",
    ),
    path("bureau/reunions/", desk.group_desk, name="group_desk"),
    path("bureau/reunions/nouvelle/", desk.group_add, name="group_add"),
    path("bureau/reunions/<uuid:uuid>/", desk.group_detail, name="group_detail"),
    path("bureau/reunions/<uuid:uuid>/annuler/", desk.group_cancel, name="group_cancel"),
    path("bureau/reunions/prevenir/<uuid:uuid>/", desk.group_reached, name="group_reached"),
]
