from django.urls import path

from operators.casework.referrals.views import doors, following, sending

PATHWAY = "bureau/parcours/<uuid:uuid>/orienter/"

urlpatterns = [
    path(PATHWAY, sending.referral_choose, name="referral_choose"),
    path(f"{PATHWAY}<uuid:door>/", sending.referral_add, name="referral_add"),
    path("bureau/orientations/", following.referral_list, name="referral_list"),
    path("bureau/orientations/<uuid:uuid>/", following.referral_detail, name="referral_detail"),
    path("bureau/orientations/<uuid:uuid>/retirer/", following.referral_take_back, name="referral_take_back"),
    path(
        "mon-espace/orientations/<uuid:uuid>/retirer/", following.referral_withdraw, name="referral_withdraw"
    ),
    path("orientations/<str:signed>/", following.referral_answer, name="referral_answer"),
    path("annuaire/", doors.door_list, name="door_list"),
    path("annuaire/ajouter/", doors.door_add, name="door_add"),
    path("annuaire/<uuid:uuid>/", doors.door_change, name="door_change"),
]
