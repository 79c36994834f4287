from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "cep_portal.demo"
    label = "demo"
    verbose_name = "démonstration"
