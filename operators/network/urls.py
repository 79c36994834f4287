from django.urls import path

from operators.network import views

urlpatterns = [
    path("lieux/", views.site_list, name="site_list"),
    path("lieux/<slug:slug>/", views.site_detail, name="site_detail"),
    path("bureau/sites/", views.team, name="team"),
    path("bureau/sites/conseillers/<uuid:uuid>/", views.adviser_capacity, name="adviser_capacity"),
]
