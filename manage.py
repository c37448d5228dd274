#!/usr/bin/env python
"""Django's command line: `.venv/bin/python manage.py help`."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # A command makes much and drops little of it: looking for garbage every 700 objects is a fifth of `migrate`.
    gc.set_threshold(50_000, 20, 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s11.settings")
    execute_from_command_line(sys.argv)
