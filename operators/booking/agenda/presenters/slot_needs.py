"""Access needs on the slot page: those let go, why they leave nothing, and what still fits."""

from dataclasses import dataclass

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.models import ServiceRequest
from operators.booking.agenda import rules
from operators.booking.agenda.gateways import video
from operators.booking.agenda.presenters.slot_search import MODE_LABELS, MODES, NEEDS, SlotSearch
from operators.network.enums import Mode

IN_MODE = {"sur-place": " sur place", "telephone": " par téléphone", "visio": " en visio"}
NO_SIGNING_BY_PHONE = (
    "Au téléphone, personne ne signe."
    " Si vous passez par un relais téléphonique, cochez-le dans une nouvelle demande."
)
NOBODY_SIGNS = "Aucun conseiller qui signe n’a d’heure libre{mode} dans les semaines qui viennent."
STEPS = "Aucun lieu sans marche n’a d’heure libre dans les semaines qui viennent."
TOO_FAR = "Aucun lieu n’est à moins de 100 km de {commune} sans traverser la mer."


@dataclass(frozen=True)
class LetGo:
    """A need that limits the hours, and the page without it (or with it again)."""

    label: str
    url: str


@dataclass(frozen=True)
class NeedsShown:
    """`reasons` say why nothing fits; `others` are the ways that can; `let_go` and `taken_back` are links."""

    reasons: tuple[str, ...] = ()
    others: tuple[LetGo, ...] = ()
    let_go: tuple[LetGo, ...] = ()
    taken_back: tuple[LetGo, ...] = ()


def met_needs(service_request: ServiceRequest, search: SlotSearch) -> list[str]:
    """The needs of a request less those the person let go for this search."""
    gone = {NEEDS[word] for word in search.without}
    return [need for need in service_request.access_needs if need not in gone]


def needs_shown(
    service_request: ServiceRequest, search: SlotSearch, *, is_empty: bool, has_places: bool, lets_go: bool
) -> NeedsShown:
    """What a page of slots says of the needs; `is_empty` when no hour fits up to the horizon."""
    needs = met_needs(service_request, search)
    taken_back = _gone(service_request, search)
    if not is_empty:
        return NeedsShown(taken_back=taken_back)
    return NeedsShown(
        reasons=tuple(_reasons(service_request, search, needs, has_places=has_places)),
        others=_others(search, needs) if _limiting(search, needs) or not has_places else (),
        let_go=_to_let_go(search, needs) if lets_go else (),
        taken_back=taken_back,
    )


def _limiting(search: SlotSearch, needs: list[str]) -> list[str]:
    """The words of the needs that limit the hours of this way of meeting."""
    mode = MODES.get(search.mode)
    limits = {
        "langue-des-signes": mode != Mode.PHONE or not rules.phone_fits(needs),
        "sans-marche": mode in (None, Mode.ON_SITE),
    }
    return [word for word, need in NEEDS.items() if need in needs and limits[word]]


def _reasons(
    service_request: ServiceRequest, search: SlotSearch, needs: list[str], *, has_places: bool
) -> list[str]:
    limiting = _limiting(search, needs)
    reasons = []
    if "langue-des-signes" in limiting:
        by_phone = MODES.get(search.mode) == Mode.PHONE
        reasons.append(
            NO_SIGNING_BY_PHONE if by_phone else NOBODY_SIGNS.format(mode=IN_MODE.get(search.mode, ""))
        )
    if "sans-marche" in limiting:
        reasons.append(STEPS)
    if not limiting and not has_places and MODES.get(search.mode) == Mode.ON_SITE:
        reasons.append(TOO_FAR.format(commune=service_request.commune.name))
    return reasons


def _others(search: SlotSearch, needs: list[str]) -> tuple[LetGo, ...]:
    fits = {"sur-place": True, "telephone": rules.phone_fits(needs), "visio": video.is_available()}
    return tuple(
        LetGo(label, search.url(mode=mode, place="", hours="", week=None))
        for mode, label in MODE_LABELS.items()
        if mode != search.mode and fits[mode]
    )


def _to_let_go(search: SlotSearch, needs: list[str]) -> tuple[LetGo, ...]:
    return tuple(
        LetGo(_name(word), search.url(without=(*search.without, word), week=None))
        for word in _limiting(search, needs)
    )


def _gone(service_request: ServiceRequest, search: SlotSearch) -> tuple[LetGo, ...]:
    return tuple(
        LetGo(_name(word), search.url(without=tuple(other for other in search.without if other != word)))
        for word in search.without
        if NEEDS[word] in service_request.access_needs
    )


def _name(word: str) -> str:
    return AccessNeed(NEEDS[word]).label.lower()
