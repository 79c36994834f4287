from django.urls import path

from beneficiaries.space import views

urlpatterns = [
    path("mon-espace/", views.my_space, name="space"),
    path("mon-espace/preferences/", views.preferences, name="preferences"),
    path("mon-espace/<slug:slug>/", views.space_page, name="space_page"),
]
