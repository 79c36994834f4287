from django.urls import path

from operators.moving.handovers import views

urlpatterns = [
    path("bureau/parcours/<uuid:uuid>/confier/", views.pathway_hand_over, name="pathway_hand_over"),
    path("bureau/parcours/<uuid:uuid>/reprendre/", views.pathway_take_back, name="pathway_take_back"),
    path("bureau/parcours/confier/", views.portfolio_list, name="portfolio_list"),
    path("bureau/conseillers/<uuid:uuid>/confier/", views.portfolio_hand_over, name="portfolio_hand_over"),
]
