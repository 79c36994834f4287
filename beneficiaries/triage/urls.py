from django.urls import path

from beneficiaries.triage import views

urlpatterns = [
    path("", views.home, name="home"),
    path("demarrer/", views.start, name="start"),
    path("demarrer/porte/", views.door, name="triage_door"),
    path("demarrer/note/", views.note, name="triage_note"),
    path("demarrer/commune/", views.commune, name="triage_commune"),
    path("demarrer/besoin/", views.need, name="triage_need"),
    path("demarrer/verifier/", views.check, name="triage_check"),
    path("demarrer/reprendre/", views.gone, name="triage_gone"),
]
