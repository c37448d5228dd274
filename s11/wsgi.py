"""The WSGI entry point for gunicorn and its like: `gunicorn s11.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s11.settings")
application = get_wsgi_application()
# Every address, and the code behind it, before the first visit rather than while somebody waits for it.
resolve("/")
