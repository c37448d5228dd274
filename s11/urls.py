"""The addresses: the map a person has in their head is in docs/architecture.md."""

from django.contrib import admin
from django.urls import include, path

from s11 import views
from s11.organisations.views import languages

urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("health/ready/", views.ready, name="ready"),
    path("health/all/", views.whole, name="whole"),
    path("metrics/", views.metrics, name="metrics"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("contact/", views.contact, name="contact"),
    path("language/", languages.language, name="language"),
    path("p/<slug:partnership>/", views.partnership, name="partnership"),
    path("p/<slug:partnership>/desk/", views.desk, name="desk"),
    path("p/<slug:partnership>/o/<slug:organisation>/", views.agency, name="agency"),
    path("", include("s11.privacy.urls")),
    path("", include("s11.organisations.urls")),
    path("", include("surveys.urls")),
    path("", include("accountability.urls")),
    path("", include("s11.retention.urls")),
    path("accounts/", include("s11.organisations.sign_in_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "s11.web.errors.bad_request"
handler403 = "s11.web.errors.permission_denied"
handler404 = "s11.web.errors.page_not_found"
handler429 = "s11.web.errors.too_many_requests"  # not Django's own: allauth looks for it
handler500 = "s11.web.errors.server_error"
