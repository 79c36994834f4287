from django.db import models


class Comparison(models.TextChoices):
    AT_LEAST = "AT_LEAST", "au moins"
    AT_MOST = "AT_MOST", "au plus"
