from django.urls import path

from procurement.followup.views import bureau, pilotage

urlpatterns = [
    path("pilotage/a-decider/", pilotage.to_decide, name="to_decide"),
    path("pilotage/penalites/", pilotage.penalty_list, name="penalty_list"),
    path("pilotage/penalites/export.csv", pilotage.penalty_export, name="penalty_export"),
    path("pilotage/penalites/<uuid:uuid>/", pilotage.penalty_detail, name="penalty_detail"),
    path("pilotage/penalites/<uuid:uuid>/notifier/", pilotage.penalty_notify, name="penalty_notify"),
    path("pilotage/penalites/<uuid:uuid>/abandonner/", pilotage.penalty_drop, name="penalty_drop"),
    path("pilotage/penalites/<uuid:uuid>/decider/", pilotage.penalty_decide, name="penalty_decide"),
    path(
        "pilotage/penalites/<uuid:uuid>/courriers/<slug:letter>/",
        pilotage.penalty_letter,
        name="penalty_letter",
    ),
    path("bureau/penalites/", bureau.own_penalty_list, name="own_penalty_list"),
    path("bureau/penalites/<uuid:uuid>/", bureau.own_penalty, name="own_penalty"),
    path(
        "bureau/penalites/<uuid:uuid>/courriers/<slug:letter>/",
        bureau.own_penalty_letter,
        name="own_penalty_letter",
    ),
]
