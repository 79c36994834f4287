from django.urls import path

from operators.exchange.webhooks import views

ALL = "bureau/webhooks/"
ONE = f"{ALL}<uuid:uuid>/"

urlpatterns = [
    path(ALL, views.webhook_list, name="webhook_list"),
    path(ONE, views.webhook_detail, name="webhook_detail"),
    path(f"{ONE}modifier/", views.webhook_change, name="webhook_change"),
    path(f"{ONE}secret/", views.webhook_secret, name="webhook_secret"),
    path(f"{ONE}essai/", views.webhook_test, name="webhook_test"),
    path(f"{ONE}suspendre/", views.webhook_suspend, name="webhook_suspend"),
    path(f"{ONE}reprendre/", views.webhook_resume, name="webhook_resume"),
    path(f"{ONE}terminer/", views.webhook_end, name="webhook_end"),
    path(f"{ONE}renvoyer/", views.webhook_replay_all, name="webhook_replay_all"),
    path(f"{ONE}messages/<uuid:event>/renvoyer/", views.webhook_replay, name="webhook_replay"),
]
