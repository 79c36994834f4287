from django.urls import path

from operators.casework.desk.views import agenda, reasons, unplanned

urlpatterns = [
    path("bureau/agenda/", agenda.agenda, name="agenda"),
    path("bureau/parcours/<uuid:uuid>/motif/", reasons.file_reason, name="file_reason"),
    path("bureau/seances/imprevue/", unplanned.unplanned_start, name="unplanned_start"),
    path("bureau/seances/nouvelle-personne/", unplanned.newcomer, name="newcomer"),
    path("bureau/personnes/<uuid:uuid>/seance/", unplanned.unplanned_session, name="unplanned_session"),
]
