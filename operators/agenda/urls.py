from django.urls import path

from operators.agenda.views import appointments, bookings, openings, slots

SIGNED = "rendez-vous/<str:signed>/"

urlpatterns = [
    path("rendez-vous/choisir/<slug:reference>/", slots.slot_list, name="slot_list"),
    path("rendez-vous/confirmer/<uuid:uuid>/", bookings.booking, name="booking"),
    path(
        "rendez-vous/confirmer/<uuid:uuid>/code/<uuid:code>/",
        bookings.booking_code,
        name="booking_code",
    ),
    path(SIGNED, appointments.appointment, name="appointment"),
    path(f"{SIGNED}pris/", appointments.appointment_booked, name="appointment_booked"),
    path(f"{SIGNED}rendez-vous.ics", appointments.appointment_calendar, name="appointment_calendar"),
    path(f"{SIGNED}annuler/", appointments.appointment_cancel, name="appointment_cancel"),
    path(f"{SIGNED}deplacer/", appointments.appointment_move, name="appointment_move"),
    path("bureau/ouvertures/", openings.opening_list, name="opening_list"),
    path("bureau/ouvertures/ajouter/", openings.opening_add, name="opening_add"),
    path("bureau/ouvertures/arreter/", openings.opening_end, name="opening_end"),
    path("bureau/absences/", openings.absence_list, name="absence_list"),
    path("bureau/absences/<uuid:uuid>/retirer/", openings.absence_remove, name="absence_remove"),
]
