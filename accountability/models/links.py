"""Where migrations look for what links are made of; it lives in s11.web, for surveys' links too."""

from s11.web.links import make_nonce

__all__ = ("make_nonce",)
