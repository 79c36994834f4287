from django.urls import path

from beneficiaries.space import views

urlpatterns = [path("mon-espace/", views.my_space, name="space")]
