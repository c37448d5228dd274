"""The body that runs the audits for an area. Everything belongs to one; nothing leaks between two."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse


class Partnership(models.Model):
    """One local safeguarding children partnership, its brand and the words of its public pages."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    colour = models.CharField(
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(r"^#[0-9a-f]{6}\Z", "Enter a colour as # and six digits, such as #1d5f6e.")
        ],
        help_text="The colour of the band at the top of each page. White text must be readable on it.",
    )
    contact_email = models.EmailField(
        blank=True, help_text="Shown to agencies and the public, and used for replies to e-mails."
    )
    contact_text = models.TextField(blank=True, max_length=5_000)
    accessibility_text = models.TextField(blank=True, max_length=5_000)
    privacy_text = models.TextField(blank=True, max_length=5_000)
    cookies_text = models.TextField(blank=True, max_length=5_000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnership", args=[self.slug])


auditlog.register(Partnership)
