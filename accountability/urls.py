"""The addresses of meetings: the desk's, an agency's, and what opens by a link alone."""

from django.urls import URLPattern

app_name = "accountability"
urlpatterns: list[URLPattern] = []
