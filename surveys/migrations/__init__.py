"""Migrations, named for what they do."""
