from django.urls import path

from operators.pathways import views

urlpatterns = [
    path("bureau/", views.today, name="today"),
    path("bureau/rendez-vous/<uuid:uuid>/saisir/", views.session_log, name="session_log"),
    path("bureau/parcours/", views.pathway_list, name="pathway_list"),
    path("bureau/parcours/<uuid:uuid>/", views.pathway_detail, name="pathway_detail"),
    path("bureau/parcours/<uuid:uuid>/clore/", views.pathway_close, name="pathway_close"),
]
