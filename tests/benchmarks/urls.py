from django.urls import include, path

from cep_portal.urls import handler404, handler429, handler500
from tests.benchmarks import floors

__all__ = ["handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    path("floor/one-query/", floors.one_query),
    path("floor/one-transaction/<int:row>/", floors.one_transaction),
    path("bench/slots/<int:contract>/<int:weeks>/", floors.slots),
    path("bench/book/", floors.book),
    path("", include("cep_portal.urls")),
]
