"""Every form that is posted carries a key of its own: `cep_portal.common.sent_once` reads it."""

import uuid
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cep_portal.common.sent_once import FIELD

register = template.Library()


class KeyedFormNode(CsrfTokenNode):
    """Django's token, then the key: no template can forget it, no form can come without it."""

    def render(self, context: Any) -> SafeString:
        token = super().render(context)
        return format_html('{}<input type="hidden" name="{}" value="{}">', token, FIELD, uuid.uuid4())


@register.tag("csrf_token")
def keyed_form(_parser: Parser, _token: Token) -> KeyedFormNode:
    return KeyedFormNode()
