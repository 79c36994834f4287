import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Organisation, User
from operators.exchange.webhooks.enums import EventKind, Failure, MessageState, SubscriptionState, Suspension

KEY_ID = r"^[0-9a-f]{16}$"


class WebhookSubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A manager sees those of the organisation."""
        if user.role == Role.OPERATOR_MANAGER:
            return self.filter(organisation=user.organisation_id)
        return self.none()


class WebhookSubscription(models.Model):
    """Where an operator's software is told of what happens, and of what. Moved by webhooks.services only.

    The secret that signs is sealed (common.encryption); the former one signs too until `former_until`.
    `failing_since` is the first failure after the last success.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    url = models.CharField("adresse", max_length=300)
    kinds = ArrayField(models.CharField(max_length=24, choices=EventKind), verbose_name="événements")
    state = models.CharField(
        "état", max_length=10, choices=SubscriptionState, default=SubscriptionState.ACTIVE
    )
    created_at = models.DateTimeField("créé le")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key_id = models.CharField("clé", max_length=16, blank=True)
    sealed = models.BinaryField("secret scellé")
    former_key_id = models.CharField("clé du secret précédent", max_length=16, blank=True)
    former_sealed = models.BinaryField("secret précédent scellé", default=b"")
    former_until = models.DateTimeField("secret précédent valable jusqu’à", null=True, blank=True)
    failing_since = models.DateTimeField("en échec depuis", null=True, blank=True)
    suspended_at = models.DateTimeField("suspendu le", null=True, blank=True)
    suspension = models.CharField("suspendu", max_length=10, choices=Suspension, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)

    objects = WebhookSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement d’un logiciel"
        verbose_name_plural = "abonnements des logiciels"
        indexes = [models.Index(fields=["organisation"], name="webhook_organisation")]
        constraints = [
            models.CheckConstraint(
                name="webhook_url_is_https",
                condition=Q(url__startswith="https://"),
                violation_error_message="L’adresse commence par https://.",
            ),
            models.CheckConstraint(
                name="webhook_kinds_known",
                condition=Q(kinds__len__gt=0, kinds__contained_by=EventKind.values)
                & ~Q(kinds__contains=[EventKind.TEST]),
                violation_error_message="Un abonnement suit au moins un événement de la liste.",
            ),
            models.CheckConstraint(
                name="webhook_secret_sealed_until_ended",
                condition=Q(state=SubscriptionState.ENDED, key_id="", sealed=b"", ended_at__isnull=False)
                | (
                    ~Q(state=SubscriptionState.ENDED)
                    & Q(key_id__regex=KEY_ID, sealed__gt=b"", ended_at__isnull=True)
                ),
                violation_error_message="Le secret est scellé, puis détruit à la fin.",
            ),
            models.CheckConstraint(
                name="webhook_former_secret_whole",
                condition=Q(former_until__isnull=True, former_key_id="", former_sealed=b"")
                | Q(former_until__isnull=False, former_key_id__regex=KEY_ID, former_sealed__gt=b""),
                violation_error_message="Le secret précédent a une fin.",
            ),
            models.CheckConstraint(
                name="webhook_suspension_said",
                condition=Q(state=SubscriptionState.SUSPENDED, suspended_at__isnull=False, suspension__gt="")
                | (~Q(state=SubscriptionState.SUSPENDED) & Q(suspended_at__isnull=True, suspension="")),
                violation_error_message="Une suspension a une date et une raison.",
            ),
        ]

    def __str__(self) -> str:
        return f"Abonnement {self.uuid}"

    @property
    def is_active(self) -> bool:
        return self.state == SubscriptionState.ACTIVE

    @property
    def is_ended(self) -> bool:
        return self.state == SubscriptionState.ENDED


class WebhookMessage(models.Model):
    """One event for one subscription, written in the transaction of the fact; Celery sends it.

    `event` is the Webhook-Id: the same at each try and each replay. `body` holds identifiers and states, and
    is sent as it is. A worker that tries it holds it until `claimed_until`; `tries` counts every try,
    `tries_before` those made before the last replay.
    """

    subscription = models.ForeignKey(WebhookSubscription, models.PROTECT, related_name="messages")
    event = models.UUIDField("identifiant")
    kind = models.CharField("événement", max_length=24, choices=EventKind)
    body = models.TextField("corps")
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.PENDING)
    created_at = models.DateTimeField("écrit le")
    next_try_at = models.DateTimeField("prochain essai après", null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    handed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    tries_before = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField("reçu le", null=True, blank=True)

    class Meta:
        verbose_name = "message à un logiciel"
        verbose_name_plural = "messages aux logiciels"
        indexes = [
            models.Index(
                fields=["subscription", "next_try_at"],
                name="webhook_message_due",
                condition=Q(next_try_at__isnull=False),
            ),
            models.Index(fields=["subscription", "-created_at"], name="webhook_message_recent"),
            models.Index(fields=["created_at"], name="webhook_message_old"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhook_event_once"),
            models.CheckConstraint(
                name="webhook_message_due_while_live",
                condition=Q(state__in=MessageState.live, next_try_at__isnull=False)
                | Q(state__in=MessageState.over, next_try_at__isnull=True, claimed_until__isnull=True),
                violation_error_message="Un message en route a un prochain essai, les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                name="webhook_message_delivered_has_instant",
                condition=Q(state=MessageState.DELIVERED, delivered_at__isnull=False)
                | (~Q(state=MessageState.DELIVERED) & Q(delivered_at__isnull=True)),
                violation_error_message="Un message reçu porte l’instant de sa réception.",
            ),
            models.CheckConstraint(
                name="webhook_message_tries_grow",
                condition=Q(tries__gte=F("tries_before")),
                violation_error_message="Les essais d’avant un renvoi comptent parmi tous.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subscription_id}"

    @property
    def is_over(self) -> bool:
        return self.state in MessageState.over


class WebhookTry(models.Model):
    """One try of a message: written when it begins, completed with what came back, never its words."""

    message = models.ForeignKey(WebhookMessage, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField("numéro")
    started_at = models.DateTimeField("commencé le")
    finished_at = models.DateTimeField("fini le", null=True, blank=True)
    status = models.PositiveSmallIntegerField("code HTTP", null=True, blank=True)
    failure = models.CharField("échec", max_length=12, choices=Failure, blank=True)

    class Meta:
        verbose_name = "essai d’envoi à un logiciel"
        verbose_name_plural = "essais d’envoi aux logiciels"
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="webhook_try_once"),
            models.CheckConstraint(
                name="webhook_try_outcome_when_finished",
                condition=Q(finished_at__isnull=True, status__isnull=True, failure="")
                | Q(finished_at__isnull=False, status__isnull=False)
                | Q(finished_at__isnull=False, failure__gt=""),
                violation_error_message="Un essai fini a un code ou une raison.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} n° {self.number}"
