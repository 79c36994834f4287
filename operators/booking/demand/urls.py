from django.urls import path

from operators.booking.demand.views import alerts, desk, nothing_fits, offers, waiting

OUT = "rendez-vous/rien-ne-convient/<slug:reference>/"

urlpatterns = [
    path(OUT, nothing_fits.nothing_fits, name="nothing_fits"),
    path(f"{OUT}renoncer/", nothing_fits.give_up, name="nothing_fits_give_up"),
    path(f"{OUT}contact/", waiting.waiting_contact, name="waiting_contact"),
    path(f"{OUT}code/<uuid:code>/", waiting.waiting_code, name="waiting_code"),
    path("rendez-vous/<str:signed>/plus-tot/", alerts.earlier, name="earlier"),
    path("proposition/<str:signed>/", offers.offer, name="offer"),
    path("bureau/rappels/", desk.call_back_list, name="call_back_list"),
    path("bureau/rappels/<uuid:uuid>/appel/", desk.call_back_note, name="call_back_note"),
    path("bureau/rappels/<uuid:uuid>/suivi/", desk.call_back_follow, name="call_back_follow"),
    path("bureau/attente/", desk.waiting_list, name="waiting_list"),
    path("bureau/besoins/", desk.unmet_demand, name="unmet_demand"),
]
