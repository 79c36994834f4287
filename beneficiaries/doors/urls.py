from django.urls import path

from beneficiaries.doors import views

urlpatterns = [
    path("demarrer/ailleurs/", views.elsewhere, name="elsewhere"),
    path("telephone/", views.operator_phone, name="operator_phone"),
]
