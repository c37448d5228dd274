"""What opens by a link alone: the row keeps a random half, the other half is made from SECRET_KEY.

A copy of the database opens nothing, the link can be shown and mailed again, and a new random half revokes it.
"""

from __future__ import annotations

import secrets
from typing import ClassVar, Self, TypeVar

from django.core import signing
from django.db import models

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


def make_nonce() -> str:
    return secrets.token_urlsafe(16)


class LinkQuerySet(models.QuerySet[_Row_co]):
    """Rows that open by a link."""

    def with_link_token(self, token: str, purpose: str = "") -> Self:
        """The one row whose link this is; none where it was revoked, made up or made for another purpose."""
        salt: str = self.model.LINK_SALT  # type: ignore[attr-defined]  # a subclass of OpensByLink
        try:
            nonce = signing.Signer(salt=salt + purpose, sep="~").unsign(token)
        except signing.BadSignature:
            return self.none()
        return self.filter(link_nonce=nonce)


class OpensByLink(models.Model):
    """Mixed into a model whose row opens by a link; its manager is made of a LinkQuerySet."""

    # What the link is for: one made for another purpose does not open this.
    LINK_SALT: ClassVar[str]

    link_nonce = models.CharField(max_length=30, unique=True, default=make_nonce, editable=False)

    class Meta:
        abstract = True

    def get_link_token(self, purpose: str = "") -> str:
        """With a purpose, one that opens that alone: what is given to a calendar opens nothing else."""
        return signing.Signer(salt=self.LINK_SALT + purpose, sep="~").sign(self.link_nonce)

    def revoke_link(self) -> None:
        """The link that was mailed opens nothing any more; `get_link_token` gives the new one."""
        self.link_nonce = make_nonce()
        self.save(update_fields=["link_nonce"])
