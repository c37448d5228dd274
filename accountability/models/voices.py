"""What children and families said and what changed because of it, as an agency records it, without saying who."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accountability.reporting_years import ReportingYear
from accountability.voice_enums import (
    HEARD,
    ConsentGiver,
    ConsentKind,
    VoiceGroup,
    VoiceSource,
    attribute,
)
from s11.organisations.models import Participation, Partnership, User
from surveys.models import Theme


class VoiceQuerySet(models.QuerySet["Voice"]):
    def of(self, partnership: Partnership) -> VoiceQuerySet:
        return self.filter(participation__partnership=partnership)

    def standing(self) -> VoiceQuerySet:
        """Those that were not removed."""
        return self.filter(removed_at=None)

    def chosen(self) -> VoiceQuerySet:
        """For the annual report, as they read now."""
        return self.filter(choice__version=models.F("version"))

    def heard_in(self, year: ReportingYear) -> VoiceQuerySet:
        return self.filter(heard_on__gte=year.first_day, heard_on__lte=year.last_day)


class Voice(models.Model):
    """One thing that was heard. Removing it deletes its words for good; that there was one stays.

    The consent is the one that holds now, to the words that stand here now; its trail is `VoiceConsent`.
    """

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="voices")
    # The first day of its month: the day itself could say who it was, so nobody is asked for it.
    heard_on = models.DateField("the month in which it was heard")
    group = models.CharField(max_length=20, choices=VoiceGroup)
    source = models.CharField(max_length=20, choices=VoiceSource)
    told = models.TextField("what they told us", max_length=2_000, blank=True)
    # One of the two.
    changed = models.TextField("what changed because of it", max_length=2_000, blank=True)
    why_not = models.TextField("why nothing has changed yet", max_length=2_000, blank=True)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    quotation = models.TextField("in their own words", max_length=1_000, blank=True)
    consent_giver = models.CharField(max_length=10, choices=ConsentGiver, blank=True)
    consented_on = models.DateField(null=True, blank=True)
    consent_recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Who said that nobody can be recognised by what looked as if somebody could.
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Counts each change of its words: a stale save is told, and so is whoever chose the words before.
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        ordering = ("-heard_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(group__in=VoiceGroup.values, source__in=VoiceSource.values),
                name="voice_group_and_source_known",
            ),
            models.CheckConstraint(
                condition=Q(consent_giver="", consented_on=None, consent_recorded_by=None)
                | (
                    Q(
                        consent_giver__in=ConsentGiver.values,
                        consented_on__isnull=False,
                        consent_recorded_by__isnull=False,
                    )
                    & ~Q(quotation="")
                ),
                name="voice_quoted_only_with_consent",
            ),
            models.CheckConstraint(
                condition=(
                    Q(removed_at=None, removed_by=None)
                    & ~Q(told="")
                    & ((Q(changed="") & ~Q(why_not="")) | (Q(why_not="") & ~Q(changed="")))
                )
                | Q(
                    removed_at__isnull=False,
                    removed_by__isnull=False,
                    told="",
                    changed="",
                    why_not="",
                    quotation="",
                ),
                name="voice_says_what_changed_until_it_is_removed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_group_display()}, {self.heard_on:%B %Y}"

    @property
    def is_quotable(self) -> bool:
        return bool(self.consent_giver)

    @property
    def how(self) -> str:
        return HEARD[VoiceSource(self.source)]

    @property
    def whose(self) -> str:
        """Whose words the quotation is, where it may be quoted."""
        return attribute(VoiceGroup(self.group), ConsentGiver(self.consent_giver))

    @property
    def year(self) -> ReportingYear:
        return ReportingYear.of(self.heard_on)


class VoiceConsent(models.Model):
    """Consent to a quotation: given, withdrawn, ended. Append-only, and without the words: those may have to go."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind)
    # Of consent that was given.
    giver = models.CharField(max_length=10, choices=ConsentGiver, blank=True)
    consented_on = models.DateField(null=True, blank=True)
    # Of one that ended: where the words stood already on that day, and had to stay.
    still_quoted = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("voice", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="voice_consent_known"),
            models.CheckConstraint(
                condition=Q(
                    kind=ConsentKind.GIVEN,
                    giver__in=ConsentGiver.values,
                    consented_on__isnull=False,
                    still_quoted="",
                )
                | (~Q(kind=ConsentKind.GIVEN) & Q(giver="", consented_on=None)),
                name="voice_consent_says_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.voice}: {self.get_kind_display().lower()}"


class VoiceChoice(models.Model):
    """An officer chose it for the annual report, as it read then: other words are chosen again."""

    voice = models.OneToOneField(Voice, models.CASCADE, related_name="choice")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("voice",)

    def __str__(self) -> str:
        return f"{self.voice}, chosen"

    @property
    def is_current(self) -> bool:
        return self.version == self.voice.version


# Not the words: what is taken out of them, because it gave somebody away, must be gone.
auditlog.register(Voice, exclude_fields=["told", "changed", "why_not", "quotation"])
auditlog.register(VoiceChoice)
