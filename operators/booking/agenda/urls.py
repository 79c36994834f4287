from django.urls import path

from operators.booking.agenda.views import (
    appointments,
    bookings,
    closures,
    feeds,
    opening_days,
    openings,
    recurring,
    replacements,
    slots,
)

SIGNED = "rendez-vous/<str:signed>/"

urlpatterns = [
    path("rendez-vous/choisir/<slug:reference>/", slots.slot_list, name="slot_list"),
    path("rendez-vous/confirmer/<uuid:uuid>/", bookings.booking, name="booking"),
    path(
        "rendez-vous/confirmer/<uuid:uuid>/code/<uuid:code>/",
        bookings.booking_code,
        name="booking_code",
    ),
    path("rendez-vous/confirmer/<uuid:uuid>/rendre/", bookings.hold_release, name="hold_release"),
    path(SIGNED, appointments.appointment, name="appointment"),
    path(f"{SIGNED}pris/", appointments.appointment_booked, name="appointment_booked"),
    path(f"{SIGNED}rendez-vous.ics", appointments.appointment_calendar, name="appointment_calendar"),
    path(f"{SIGNED}annuler/", appointments.appointment_cancel, name="appointment_cancel"),
    path(f"{SIGNED}deplacer/", appointments.appointment_move, name="appointment_move"),
    path(f"{SIGNED}retablir/", appointments.appointment_restore, name="appointment_restore"),
    path(f"{SIGNED}modalite/", appointments.appointment_mode, name="appointment_mode"),
    path(f"{SIGNED}proposition/", replacements.replacement, name="replacement"),
    path("agenda/<str:secret>.ics", feeds.calendar_feed, name="calendar_feed"),
    path("bureau/agenda-prive/", feeds.feed_manage, name="feed_manage"),
    path("bureau/absences/remplacer/", replacements.absence_replace, name="absence_replace"),
    path("bureau/remplacements/", replacements.replacement_list, name="replacement_list"),
    path(
        "bureau/remplacements/<uuid:uuid>/regle/", replacements.replacement_settle, name="replacement_settle"
    ),
    path("bureau/ouvertures/", openings.opening_list, name="opening_list"),
    path("bureau/ouvertures/ajouter/", openings.opening_add, name="opening_add"),
    path("bureau/ouvertures/arreter/", openings.opening_end, name="opening_end"),
    path("bureau/ouvertures/jours/", opening_days.opening_day_list, name="opening_day_list"),
    path("bureau/ouvertures/jours/changer/", opening_days.opening_day_change, name="opening_day_change"),
    path(
        "bureau/ouvertures/jours/<uuid:uuid>/retablir/",
        opening_days.opening_day_restore,
        name="opening_day_restore",
    ),
    path("bureau/absences/regulieres/", recurring.recurring_absence_add, name="recurring_absence_add"),
    path(
        "bureau/absences/regulieres/<uuid:uuid>/retirer/",
        recurring.recurring_absence_remove,
        name="recurring_absence_remove",
    ),
    path("bureau/sites/<slug:slug>/fermetures/", closures.closure_list, name="closure_list"),
    path(
        "bureau/sites/<slug:slug>/fermetures/<uuid:uuid>/retirer/",
        closures.closure_remove,
        name="closure_remove",
    ),
    path("bureau/absences/", openings.absence_list, name="absence_list"),
    path("bureau/absences/<uuid:uuid>/retirer/", openings.absence_remove, name="absence_remove"),
]
