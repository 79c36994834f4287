from django import template

from cep_portal.messaging.rules.phones import is_landline

register = template.Library()
register.filter("is_landline", is_landline)
