"""Addresses of the mail to agencies: the outbox, a cycle's texts and reminders, the escalation ladder."""

from django.urls import path

from surveys.views import escalations, mailing, outbox

OUTBOX = "p/<slug:partnership>/desk/outbox/"
CYCLE = "p/<slug:partnership>/desk/cycles/<slug:cycle>/"
ESCALATION = f"{CYCLE}escalations/<slug:organisation>/"

urlpatterns = [
    path(OUTBOX, outbox.outbox, name="outbox"),
    path(f"{OUTBOX}act/", outbox.outbox_act, name="outbox_act"),
    path(f"{OUTBOX}<int:message>/", outbox.outbox_message, name="outbox_message"),
    path(f"{OUTBOX}<int:message>/change/", outbox.outbox_change, name="outbox_change"),
    path(f"{CYCLE}texts/", mailing.cycle_texts, name="cycle_texts"),
    path(f"{CYCLE}texts/<slug:kind>/", mailing.cycle_text, name="cycle_text"),
    path(f"{CYCLE}texts/<slug:kind>/shipped/", mailing.cycle_text_reset, name="cycle_text_reset"),
    path(f"{CYCLE}remind/", mailing.cycle_remind, name="cycle_remind"),
    path(ESCALATION, escalations.escalation, name="escalation"),
    path(f"{ESCALATION}letters/<int:document>/", escalations.escalation_letter, name="escalation_letter"),
    path(f"{ESCALATION}<slug:step>/", escalations.escalation_step, name="escalation_step"),
]
