"""The project: the wiring on top (settings, URLs, home page, demo) and what both apps stand on (web, organisations)."""
