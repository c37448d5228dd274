"""Runs a module of this folder with Django set up: `python -m tests.load.in_django world FOLDER PEOPLE`."""

import importlib
import sys

import django


def main(module: str, *words: str) -> None:
    django.setup()
    importlib.import_module(f"tests.load.{module}").main(*words)


if __name__ == "__main__":
    main(*sys.argv[1:])
