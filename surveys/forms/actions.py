"""Forms of the action plan: an action's own words, a report of progress, a reason for none, and the list's filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone

from s11.organisations.models import Organisation, User
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from surveys.action_advice import Advice, make_advice
from surveys.action_plans import ALL, MINE, OPEN, OVERDUE, Filter
from surveys.actions import ActionInput, ProgressInput, get_next_statuses
from surveys.enums import ActionPriority, ActionStatus
from surveys.models import Action, Evidence

TEXT_LENGTH = 4_000
VERSION = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


class ProseField(forms.CharField):
    """Text of several lines with one kind of line end: browsers send another than files and programs hold."""

    widget = forms.Textarea

    def __init__(self, label: str, missing: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=bool(missing),
            # Not `max_length`: the counter that it draws cannot be described by the advice below it.
            validators=[MaxLengthValidator(TEXT_LENGTH)],
            error_messages={"required": missing},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class ActionForm(forms.Form):
    """`advice` is what could be better, for the page; a form that is valid may be saved all the same."""

    what = ProseField(
        "What will be different?",
        "Say what will be different when it is done",
        "The outcome: ‘Every child who goes missing is spoken to within 72 hours’, not ‘Review the policy’.",
    )
    measure = ProseField(
        "How will you know that it worked?",
        "Say how you will know that it worked",
        "What you will count, see or hear.",
    )
    owner = forms.CharField(
        label="Who will see to it?",
        max_length=150,
        required=False,
        help_text="One person or post. Do not name a child or family anywhere in the plan.",
    )
    owner_user = forms.ModelChoiceField(
        label="Their account here",
        queryset=User.objects.none(),
        required=False,
        empty_label="None: the leads are reminded",
        help_text="Who is chosen is reminded by e-mail when the action is overdue, and can report progress.",
    )
    starts_on = DatePartsField(label="Start (optional)", required=False)
    due_on = DatePartsField(
        label="Due date",
        help_text="An action needs a date. You can revise it; the first one stays in sight.",
        error_messages={"required": "Enter the date by which it will be done"},
    )
    priority = forms.ChoiceField(
        choices=ActionPriority.choices, initial=ActionPriority.MEDIUM, widget=forms.RadioSelect
    )
    version = VERSION

    looks = {
        "what": Look(label_size="s", rows=4),
        "measure": Look(label_size="s", rows=3),
        "owner": Look(label_size="s", width=30),
        "owner_user": Look(label_size="s"),
        "starts_on": Look(label_size="s"),
        "due_on": Look(label_size="s"),
        "priority": Look(label_size="s", is_inline=True, is_small=True),
    }
    # One of owner and account is needed, so neither is simply optional.
    marks_optional = False

    def __init__(
        self, organisation: Organisation, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id="%s", **kwargs)
        account = self.fields["owner_user"]
        assert isinstance(account, forms.ModelChoiceField)
        # Who owns it now may have left since; that is no reason to take it from them unasked.
        own: int | None = self.initial.get("owner_user")
        members = organisation.memberships.active().values("user")
        account.queryset = User.objects.filter(Q(pk__in=members) | Q(pk=own))

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        account = cleaned.get("owner_user")
        if not cleaned.get("owner") and "owner" not in self.errors:
            if account is None:
                self.add_error("owner", "Enter the person or post that will see to it")
            else:
                cleaned["owner"] = str(account)[:150]
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "The due date must be the start or later")
        return cleaned

    @property
    def advice(self) -> Advice:
        """What is weak in what was typed now, whether or not it can be saved."""
        if not self.is_bound:
            return {}
        typed = self.cleaned_data if hasattr(self, "cleaned_data") else {}
        advice = make_advice(
            what=str(typed.get("what") or ""),
            measure=str(typed.get("measure") or ""),
            owner=str(typed.get("owner") or ""),
            due_on=typed.get("due_on"),
            today=timezone.localdate(),
        )
        # What stands there already was noticed when it was written.
        return {name: sentences for name, sentences in advice.items() if name in self.changed_data}

    def show_advice(self, advice: Advice) -> None:
        """Read out with the field that it is about."""
        for name in advice:
            self.fields[name].widget.attrs["aria-describedby"] = f"{name}-advice"

    def make_input(self) -> ActionInput:
        """For a valid form only."""
        cleaned = self.cleaned_data
        return ActionInput(
            what=cleaned["what"],
            measure=cleaned["measure"],
            owner=cleaned["owner"],
            owner_user=cleaned["owner_user"],
            starts_on=cleaned["starts_on"],
            due_on=cleaned["due_on"],
            priority=ActionPriority(cleaned["priority"]),
        )


class ChangeActionForm(ActionForm):
    """The same for one that exists, with room to say why it changes."""

    reason = ProseField(
        "Why does it change?", help_text="It stands in the action’s history. A revised date needs it."
    )

    looks = {**ActionForm.looks, "reason": Look(label_size="s", rows=2)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        due_on = cleaned.get("due_on")
        if due_on and due_on != self.initial.get("due_on") and not cleaned.get("reason"):
            self.add_error("reason", "Say why the due date changes")
        return cleaned


def make_action_initial(action: Action) -> dict[str, Any]:
    """What the page shows before anything is typed."""
    return {
        "what": action.what,
        "measure": action.measure,
        "owner": action.owner,
        "owner_user": action.owner_user_id,
        "starts_on": action.starts_on,
        "due_on": action.due_on,
        "priority": action.priority,
        "version": action.version,
    }


class ProgressForm(forms.Form):
    """A report on an action: what has happened, how far it is, what it has changed, and what shows it."""

    text = ProseField("What has happened?")
    status = forms.ChoiceField(widget=forms.RadioSelect)
    percent = forms.IntegerField(label="Percent done", min_value=0, max_value=100, required=False)
    impact = ProseField(
        "What has changed for children?",
        help_text="Done needs this, or evidence. Do not name a child or family.",
    )
    evidence = forms.ModelMultipleChoiceField(
        label="Evidence from your library",
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = VERSION

    looks = {
        "text": Look(label_size="s", rows=4),
        "status": Look(label_size="s", is_small=True),
        "percent": Look(label_size="s", width=3, suffix="%"),
        "impact": Look(label_size="s", rows=3),
        "evidence": Look(label_size="s", is_small=True),
    }
    marks_optional = False

    def __init__(self, action: Action, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        linked = [one.pk for one in action.evidence.all()]
        initial = {
            "status": action.status,
            "percent": action.percent,
            "impact": action.impact,
            "evidence": linked,
            "version": action.version,
        }
        super().__init__(data, auto_id="%s", initial=initial, **kwargs)
        self.action = action
        status, evidence = self.fields["status"], self.fields["evidence"]
        assert isinstance(status, forms.ChoiceField)
        assert isinstance(evidence, forms.ModelMultipleChoiceField)
        status.choices = [(one.value, one.label) for one in get_next_statuses(action.status)]
        status.error_messages["invalid_choice"] = "Choose one of the statuses shown"
        # What is linked stays, also when it has been taken out of the library since.
        library = Evidence.objects.of(action.participation.organisation).known_to(None)
        evidence.queryset = library | Evidence.objects.filter(pk__in=linked)

    @property
    def has_library(self) -> bool:
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.ModelMultipleChoiceField)
        return bool(evidence.queryset)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "status" in self.errors or "percent" in self.errors:
            return cleaned
        status, percent = cleaned["status"], cleaned["percent"]
        # Who leaves the number as it stands and chooses ‘done’ means all of it; ‘not started’ means none.
        is_untouched = percent is None or percent == self.action.percent
        whole = {ActionStatus.DONE: 100, ActionStatus.NOT_STARTED: 0}.get(status)
        if whole is not None and is_untouched:
            percent = whole
        elif whole is not None and percent != whole:
            label = ActionStatus(status).label
            self.add_error("percent", f"‘{label}’ is {whole}%. Enter {whole}, or choose another status")
        cleaned["percent"] = self.action.percent if percent is None else percent
        self._check_words(cleaned, status)
        return cleaned

    def _check_words(self, cleaned: dict[str, Any], status: str) -> None:
        """What each move needs, and that something is reported at all."""
        if status == ActionStatus.DONE and not cleaned.get("impact") and not cleaned.get("evidence"):
            self.add_error(
                "impact", "Say what has changed for children, or choose the evidence that shows it"
            )
        if (
            status == ActionStatus.DROPPED
            and self.action.status != ActionStatus.DROPPED
            and not cleaned.get("text")
        ):
            self.add_error("text", "Say why the action is dropped")
        if not self.has_changed():
            self.add_error("text", "Say what has happened, or change the status")

    def make_input(self) -> ProgressInput:
        """For a valid form only."""
        cleaned = self.cleaned_data
        return ProgressInput(
            text=cleaned["text"],
            status=ActionStatus(cleaned["status"]),
            percent=cleaned["percent"],
            impact=cleaned["impact"],
            evidence=list(cleaned["evidence"]),
        )


class NoActionForm(forms.Form):
    """Why a 0 or 1 needs no action; empty takes the reason back."""

    reason = ProseField(
        "There is no action because",
        help_text="For example that another agency does it, and which. Leave it empty to take the reason back.",
    )

    looks = {"reason": Look(label_size="s", rows=4)}
    marks_optional = False


class ActionFilterForm(forms.Form):
    """Reads the address; whatever is wrong in it is left out."""

    words = forms.CharField(label="Search", required=False, max_length=200)
    show = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[
            (OPEN, "Not finished"),
            (OVERDUE, "Overdue"),
            *ActionStatus.choices,
            (ALL, "All"),
        ],
    )
    owner = forms.ChoiceField(label="Owner", required=False)

    marks_optional = False

    def __init__(self, data: Mapping[str, Any], owners: Sequence[str] | Iterable[str]) -> None:
        super().__init__(data, auto_id="%s", initial={"show": OPEN})
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", "Anybody"), (MINE, "Mine"), *((name, name) for name in owners if name != MINE)]

    @property
    def chosen(self) -> Filter:
        self.is_valid()
        cleaned = self.cleaned_data
        return Filter(
            words=cleaned.get("words") or "",
            show=cleaned.get("show") or OPEN,
            owner=cleaned.get("owner") or "",
        )
