from django.urls import path

from beneficiaries.complaints import views

urlpatterns = [
    path("reclamation/", views.write, name="complaint_write"),
    path("reclamation/retrouver/", views.find, name="complaint_find"),
    path("reclamation/suivi/<str:signed>/", views.follow, name="complaint_follow"),
    path("reclamation/<slug:reference>/", views.status, name="complaint_status"),
    path("bureau/reclamations/", views.complaint_list, name="complaint_list"),
    path("bureau/reclamations/<uuid:uuid>/", views.complaint_detail, name="complaint_detail"),
    path("bureau/reclamations/<uuid:uuid>/donnee/", views.complaint_told, name="complaint_told"),
    path("bureau/reclamations/<uuid:uuid>/desaccord/", views.complaint_contest, name="complaint_contest"),
    path("bureau/reclamations/<uuid:uuid>/lettre.pdf", views.complaint_letter, name="complaint_letter"),
    path("pilotage/reclamations/", views.counts, name="complaint_counts"),
]
