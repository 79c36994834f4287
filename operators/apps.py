from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common import navigation
from cep_portal.common.navigation import SEARCHES, Entry, Search

ADVISER = frozenset({Role.ADVISER})
INTAKE = frozenset({Role.INTAKE_OFFICER})
MANAGER = frozenset({Role.OPERATOR_MANAGER})
FRANCE_COMPETENCES = frozenset(Role.of_france_competences)
DOOR_KEEPERS = frozenset({Role.CONTRACT_MANAGER, Role.ADMINISTRATOR})
WATCHERS = frozenset({Role.CONTRACT_MANAGER, Role.DECIDER, Role.ANALYST})
FOLLOW_UP = "À suivre"
OWN_HOURS = "Mes horaires"
SUPPLY = "Capacité"
NETWORK = "Réseau"
DATA = "Données"
OPERATORS = "Opérateurs"

MENU = (
    Entry("Aujourd’hui", "operators:today", ADVISER, order=10),
    Entry("Agenda", "operators:agenda", ADVISER, order=15),
    Entry("Parcours", "operators:pathway_list", ADVISER, order=20),
    Entry("Demandes et appels", "operators:request_list", INTAKE, order=10),
    Entry("Trouver un créneau", "operators:call_start", ADVISER | INTAKE, order=30),
    Entry("Personnes", "operators:caller_search", ADVISER | INTAKE, order=35),
    Entry("Mes ouvertures", "operators:opening_list", ADVISER, order=40, group=OWN_HOURS),
    Entry("Mes absences", "operators:absence_list", ADVISER, order=42, group=OWN_HOURS),
    Entry("Mon agenda ailleurs", "operators:feed_manage", ADVISER, order=44, group=OWN_HOURS),
    Entry("Capacité", "operators:capacity", MANAGER, order=20, group=SUPPLY),
    Entry("Ce qui manque", "operators:unmet_demand", MANAGER, order=22, group=SUPPLY),
    Entry("Couverture", "operators:coverage", MANAGER, order=24, group=SUPPLY),
    Entry("Sites et équipe", "operators:team", MANAGER, order=30, group=NETWORK),
    Entry("Qualité de la saisie", "operators:log_quality", MANAGER, order=32, group=NETWORK),
    Entry("Premiers pas", "operators:first_steps", MANAGER, order=34, group=NETWORK),
    Entry("Réunions", "operators:group_desk", ADVISER | MANAGER, order=46),
    Entry("Rappels", "operators:call_back_list", INTAKE, order=50),
    Entry("Remplacements", "operators:replacement_list", INTAKE, order=52),
    Entry("Liste d’attente", "operators:waiting_list", INTAKE, order=54),
    Entry("Confier des parcours", "operators:portfolio_list", ADVISER | MANAGER, order=56, group=FOLLOW_UP),
    Entry("Remplacements", "operators:replacement_list", ADVISER | MANAGER, order=50, group=FOLLOW_UP),
    Entry("Demandes", "operators:request_list", ADVISER, order=48, group=FOLLOW_UP),
    Entry("Rappels", "operators:call_back_list", ADVISER | MANAGER, order=52, group=FOLLOW_UP),
    Entry("Liste d’attente", "operators:waiting_list", ADVISER | MANAGER, order=54, group=FOLLOW_UP),
    Entry("Actions types", "operators:ready_action_list", MANAGER, order=36, group=NETWORK),
    Entry("Remontées", "operators:delivery_list", MANAGER, order=88, group=DATA),
    Entry("Orientations", "operators:referral_list", ADVISER, order=56, group=FOLLOW_UP),
    Entry("Transferts", "operators:transfer_list", ADVISER | MANAGER, order=58, group=FOLLOW_UP),
    Entry("Doublons", "operators:pair_list", ADVISER | MANAGER, order=59, group=FOLLOW_UP),
    Entry("Annuaire", "operators:door_list", MANAGER, order=37, group=NETWORK),
    Entry("Extractions", "operators:extract_list", MANAGER, order=89, group=DATA),
    Entry("Intégrations", "operators:integration_list", MANAGER, order=90, group=DATA),
    Entry("Webhooks", "operators:webhook_list", MANAGER, order=92, group=DATA),
    Entry("Accompagnements", "operators:partner_list", frozenset({Role.PARTNER}), order=10),
    Entry("Couverture", "operators:coverage", FRANCE_COMPETENCES, order=57, group=OPERATORS),
    Entry("Délais et créneaux", "operators:lot_supply", FRANCE_COMPETENCES, order=58, group=OPERATORS),
    Entry("Remontées", "operators:supply", WATCHERS, order=59, group=OPERATORS),
    Entry("Annuaire", "operators:door_list", DOOR_KEEPERS, order=60, group=OPERATORS),
    Entry(
        "Extractions",
        "operators:extract_watch",
        frozenset({Role.CONTRACT_MANAGER}),
        order=59,
        group=OPERATORS,
    ),
)
SEARCH = Search(
    label="Nom, téléphone ou référence",
    url_name="operators:caller_search",
    field="recherche",
    roles=ADVISER | INTAKE,
)


class OperatorsConfig(AppConfig):
    name = "operators"
    verbose_name = "opérateurs"

    def ready(self) -> None:
        navigation.MENU.add(*MENU)
        SEARCHES.add(SEARCH)
        self._fill_registries()
        self._fill_groups()
        self._add_to_appointments()
        self._fill_rights()
        self._fill_space()
        self._fill_desk()
        self._add_subjects()

    @staticmethod
    def _fill_registries() -> None:
        from beneficiaries.request.registry import register_fact, register_next_step, register_past  # noqa: PLC0415 -- models load later
        from beneficiaries.space.registry import register_panel  # noqa: PLC0415 -- models load later
        from cep_portal.messaging.enums import MessageKind  # noqa: PLC0415 -- models load later
        from cep_portal.messaging.hooks import CHECKS, OWED, Check, Owed  # noqa: PLC0415 -- models load later
        from operators.booking.agenda import reminders  # noqa: PLC0415 -- models load later
        from operators.booking.agenda.panels import appointment_facts, booking_step, next_appointment_panel  # noqa: PLC0415 -- models load later
        from operators.booking.agenda.registry import register_follower  # noqa: PLC0415 -- models load later
        from operators.booking.agenda.services import follow_bookings  # noqa: PLC0415 -- models load later
        from operators.casework.pathways.selectors import people_with_pathway  # noqa: PLC0415 -- models load later

        OWED.add(Owed(MessageKind.REMINDER, reminders.missing_reminders))
        register_follower(follow_bookings)
        CHECKS.add(Check(reminders.COMING, reminders.is_coming))
        CHECKS.add(Check(reminders.CANCELLED, reminders.is_cancelled))

        OperatorsConfig._fill_demand()
        register_next_step(booking_step, order=10)
        register_past(people_with_pathway)
        register_fact(appointment_facts)
        register_panel(
            title="Mon prochain rendez-vous",
            order=10,
            context=next_appointment_panel,
            template="operators/booking/agenda/panels/next_appointment.html",
        )

    @staticmethod
    def _fill_rights() -> None:
        from beneficiaries.rights import registry  # noqa: PLC0415 -- models load later
        from operators import personal_data  # noqa: PLC0415 -- models load later
        from operators.booking.agenda import person_file  # noqa: PLC0415 -- models load later
        from operators.casework.desk.person_file import reasons_given  # noqa: PLC0415 -- models load later
        from operators.casework.pathways.person_file import pathway_readers, received_since  # noqa: PLC0415 -- models load later
        from operators.reception.calls.person_file import person_readers  # noqa: PLC0415 -- models load later

        personal_data.declare()
        registry.register_release(person_file.cancel_coming)
        registry.register_activity(person_file.had_appointment_since)
        registry.register_activity(received_since)
        registry.register_file_kind(
            registry.FileKind("operators.appointment", "Rendez-vous", person_file.appointment_readers)
        )
        registry.register_file_kind(
            registry.FileKind("beneficiaries.beneficiary", "Coordonnées et rendez-vous", person_readers)
        )
        registry.register_file_kind(
            registry.FileKind("operators.pathway", "Dossier de parcours", pathway_readers, reasons_given)
        )

    @staticmethod
    def _add_subjects() -> None:
        from operators.casework.attachments import registrations as attachments  # noqa: PLC0415 -- models load later
        from operators.casework.notes import registrations as notes  # noqa: PLC0415 -- models load later
        from operators.casework.referrals import registrations as referrals  # noqa: PLC0415 -- models load later
        from operators.casework.situations import registrations as situations  # noqa: PLC0415 -- models load later
        from operators.exchange.deliveries import registrations as deliveries  # noqa: PLC0415 -- models load later
        from operators.exchange.extracts import registrations as extracts  # noqa: PLC0415 -- models load later
        from operators.exchange.webhooks import registrations as webhooks  # noqa: PLC0415 -- models load later
        from operators.moving.duplicates import registrations as duplicates  # noqa: PLC0415 -- models load later
        from operators.moving.handovers import registrations as handovers  # noqa: PLC0415 -- models load later
        from operators.moving.transfers import registrations as transfers  # noqa: PLC0415 -- models load later

        attachments.register()
        deliveries.register()
        extracts.register()
        duplicates.register()
        handovers.register()
        notes.register()
        referrals.register()
        situations.register()
        transfers.register()
        webhooks.register()

    @staticmethod
    def _add_to_appointments() -> None:
        from operators.booking.agenda.registry import register_follower, register_section  # noqa: PLC0415 -- models load later
        from operators.reception.calls.panels import contact_section  # noqa: PLC0415 -- models load later
        from operators.reception.partners.panels import sharing_section  # noqa: PLC0415 -- models load later
        from operators.reception.partners.services import follow  # noqa: PLC0415 -- models load later

        register_follower(follow)
        register_section(
            contact_section,
            title="Est-ce bien vous ?",
            template="operators/reception/calls/contact_section.html",
            order=10,
        )
        register_section(
            sharing_section,
            title="Ce que sait votre accompagnant",
            template="operators/reception/partners/sharing.html",
            order=80,
        )

    @staticmethod
    def _fill_groups() -> None:
        """Information meetings: what they add to the slot page, to a site's page and to a person's rights."""
        from beneficiaries.rights.registry import register_activity, register_release  # noqa: PLC0415 -- models load later
        from cep_portal.messaging.enums import MessageKind  # noqa: PLC0415 -- models load later
        from cep_portal.messaging.hooks import CHECKS, OWED, Check, Owed  # noqa: PLC0415 -- models load later
        from operators.booking.agenda.registry import (  # noqa: PLC0415 -- models load later
            register_meeting,
            register_own_meetings,
            register_way_out,
        )
        from operators.booking.groups import (  # noqa: PLC0415 -- models load later
            notices,
            panels,
            person_file,
            reminders,
            selectors,
        )
        from operators.network.registry import register_block  # noqa: PLC0415 -- models load later

        register_release(person_file.give_back_coming)
        register_activity(person_file.had_place_since)
        CHECKS.add(Check(notices.COMING, notices.is_coming))
        OWED.add(Owed(MessageKind.REMINDER, reminders.missing_reminders))
        register_way_out(panels.group_way_out, order=60)
        register_meeting(selectors.first_start)
        register_own_meetings(panels.own_meetings)
        register_block(
            title="Réunions d’information",
            order=20,
            context=panels.site_groups,
            template="operators/booking/groups/site_block.html",
        )

    @staticmethod
    def _fill_demand() -> None:
        """The waiting list: what follows a booking, and what it adds to the pages below."""
        from beneficiaries.request.registry import register_next_step  # noqa: PLC0415 -- models load later
        from beneficiaries.rights.registry import register_release  # noqa: PLC0415 -- models load later
        from cep_portal.messaging.hooks import CHECKS, Check  # noqa: PLC0415 -- models load later
        from operators.booking.agenda import registry  # noqa: PLC0415 -- models load later
        from operators.booking.demand import (  # noqa: PLC0415 -- models load later
            notices,
            panels,
            person_file,
        )
        from operators.booking.demand.services import follow  # noqa: PLC0415 -- models load later

        person_file.declare()
        register_release(person_file.end_what_waits)
        register_next_step(panels.demand_step, order=5)
        CHECKS.add(Check(notices.ABOUT_OFFER, notices.still_open))
        registry.register_follower(follow)
        registry.register_way_out(panels.nothing_fits_way)
        registry.register_section(
            panels.earlier_section,
            title="Une place plus tôt ?",
            template="operators/booking/demand/earlier_section.html",
        )

    @staticmethod
    def _fill_space() -> None:
        from beneficiaries.space.registry import Page, register_page, register_panel  # noqa: PLC0415 -- models load later
        from operators.booking.agenda.panels import appointments_page  # noqa: PLC0415 -- models load later
        from operators.casework.pathways.panels import pathway_panel  # noqa: PLC0415 -- models load later

        register_panel(
            title="Mon parcours",
            order=40,
            context=pathway_panel,
            template="operators/casework/pathways/panel.html",
        )
        register_page(
            Page(
                slug="rendez-vous",
                title="Mes rendez-vous",
                text="À venir et passés.",
                order=10,
                context=appointments_page,
                template="operators/booking/agenda/panels/appointments.html",
            )
        )

    @staticmethod
    def _fill_desk() -> None:
        from operators.casework.desk import registrations as desk  # noqa: PLC0415 -- models load later
        from operators.casework.plans import registrations as plans  # noqa: PLC0415 -- models load later
        from operators.casework.summaries import registrations as summaries  # noqa: PLC0415 -- models load later
        from operators.exchange.software.panels import software_step  # noqa: PLC0415 -- models load later
        from operators.reception.calls import registrations as calls  # noqa: PLC0415 -- models load later
        from operators.reception.team import registrations as team  # noqa: PLC0415 -- models load later
        from operators.reception.team.registry import register_step  # noqa: PLC0415 -- models load later

        desk.register()
        calls.register()
        plans.register()
        team.register()
        register_step(software_step, order=70)
        summaries.register()
