"""The WSGI entry point for gunicorn and its like: `gunicorn s11.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s11.settings")
application = get_wsgi_application()
