from django.urls import path

from operators.reception.calls.views import booking, contact, people, requests, slots

urlpatterns = [
    path("bureau/demandes/<slug:reference>/suivi/", requests.request_follow, name="request_follow"),
    path("bureau/demandes/", requests.request_list, name="request_list"),
    path("bureau/agenda/reserver/", slots.slot_book, name="slot_book"),
    path("bureau/appel/", booking.call_start, name="call_start"),
    path("bureau/appel/<slug:reference>/", booking.call_slots, name="call_slots"),
    path("bureau/appel/retenu/<uuid:uuid>/", booking.call_book, name="call_book"),
    path("bureau/appel/pris/<uuid:uuid>/", booking.call_booked, name="call_booked"),
    path("bureau/personnes/", people.caller_search, name="caller_search"),
    path("bureau/personnes/<uuid:uuid>/", people.caller_detail, name="caller_detail"),
    path("bureau/personnes/<uuid:uuid>/prochain/", booking.next_appointment, name="next_appointment"),
    path("bureau/rendez-vous/<uuid:uuid>/deplacer/", people.caller_move, name="caller_move"),
    path("bureau/rendez-vous/<uuid:uuid>/niveau/", people.appointment_level, name="appointment_level"),
    path("bureau/rendez-vous/<uuid:uuid>/annuler/", people.caller_cancel, name="caller_cancel"),
    path("rendez-vous/<str:signed>/cest-bien-moi/", contact.contact_confirm, name="contact_confirm"),
]
