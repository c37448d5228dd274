"""Addresses of people, organisations and a partnership's own settings and texts."""

from django.urls import URLPattern

app_name = "organisations"
urlpatterns: list[URLPattern] = []
