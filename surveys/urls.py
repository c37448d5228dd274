"""Addresses of question banks, cycles, audits and overview reports."""

from django.urls import URLPattern

app_name = "surveys"
urlpatterns: list[URLPattern] = []
