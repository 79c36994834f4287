from django.urls import path

from operators.casework.desk.views import agenda, days, reasons, unplanned

urlpatterns = [
    path("bureau/", days.today, name="today"),
    path("bureau/rendez-vous/<uuid:uuid>/pas-venu/", days.no_show, name="no_show"),
    path("bureau/rendez-vous/<uuid:uuid>/pas-venu/annuler/", days.no_show_undo, name="no_show_undo"),
    path("bureau/agenda/", agenda.agenda, name="agenda"),
    path("bureau/parcours/<uuid:uuid>/motif/", reasons.file_reason, name="file_reason"),
    path("bureau/seances/imprevue/", unplanned.unplanned_start, name="unplanned_start"),
    path("bureau/seances/nouvelle-personne/", unplanned.newcomer, name="newcomer"),
    path("bureau/personnes/<uuid:uuid>/seance/", unplanned.unplanned_session, name="unplanned_session"),
]
