from django.urls import path

from beneficiaries.signin import views

urlpatterns = [
    path("mon-espace/entrer/", views.sign_in, name="sign_in"),
    path("mon-espace/entrer/code/", views.sign_in_code, name="sign_in_code"),
    path("mon-espace/entrer/qui/", views.sign_in_who, name="sign_in_who"),
]
