"""What the admin's classes are made of: what can be looked at, and what little can be put right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE = 50


class LookedAt(admin.ModelAdmin[Any]):
    """Lists show columns of the row and of what `list_select_related` names, so that their queries do not grow."""

    list_per_page = PAGE
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Repaired(LookedAt):
    """Some columns can be put right; the trail records it. Nothing is made or deleted here."""

    repaired: tuple[str, ...] = ()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [field.name for field in self.opts.fields if field.name not in self.repaired]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [field.name for field in self.opts.fields if not field.auto_created]


class OfAudit(LookedAt):
    """Rows of an audit; shown by id, because an audit's name would cost a query for each."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")
