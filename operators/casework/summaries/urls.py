from django.urls import path

from operators.casework.summaries.views import desk, person, shared

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/synthese/", desk.summary, name="summary"),
    path("bureau/parcours/<uuid:uuid>/synthese/commencer/", desk.summary_start, name="summary_start"),
    path("bureau/synthese/<uuid:uuid>/proposer/", desk.summary_propose, name="summary_propose"),
    path("bureau/synthese/<uuid:uuid>/reprendre/", desk.summary_withdraw, name="summary_withdraw"),
    path("bureau/synthese/<uuid:uuid>/fichier/", desk.summary_file, name="summary_file"),
    path("mon-espace/synthese/<uuid:uuid>/", person.own_summary, name="own_summary"),
    path("mon-espace/synthese/<uuid:uuid>/accepter/", person.own_summary_accept, name="own_summary_accept"),
    path("mon-espace/synthese/<uuid:uuid>/fichier/", person.own_summary_file, name="own_summary_file"),
    path("mon-espace/synthese/<uuid:uuid>/partager/", person.own_summary_share, name="own_summary_share"),
    path("mon-espace/partages/<uuid:uuid>/retirer/", person.own_share_revoke, name="own_share_revoke"),
    path("document-partage/<str:token>/", shared.shared_summary, name="shared_summary"),
]
