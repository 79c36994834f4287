from django.urls import path

from operators.casework.pathways.views import corrections, files, lists, logs

urlpatterns = [
    path("bureau/rendez-vous/<uuid:uuid>/saisir/", logs.session_log, name="session_log"),
    path("bureau/seances/<uuid:uuid>/corriger/", corrections.session_correct, name="session_correct"),
    path("bureau/seances/<uuid:uuid>/corriger/annuler/", corrections.correction_undo, name="correction_undo"),
    path("bureau/parcours/", lists.pathway_list, name="pathway_list"),
    path("bureau/parcours/<uuid:uuid>/", files.pathway_detail, name="pathway_detail"),
    path("bureau/parcours/<uuid:uuid>/clore/", files.pathway_close, name="pathway_close"),
]
