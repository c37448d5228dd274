"""What every page shares: the Jinja2 environment, the form renderer, charts, documents, middleware and error pages.

Stands at the bottom: nothing here knows a model, an app or a URL beyond the names in base.html.
"""
