"""Files in an S3-compatible store instead of on the disk, where `FILES_STORE_URL` is set.

Nothing in it is public: a file leaves it through the application, or by a link that is signed for a minute. What goes
wrong between here and there is a StoreDown, never an error of the library.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from s11.web.outages import StoreDown

# A person waits: two tries of this length at the most, and the page says that it did not answer.
CONNECT_SECONDS = 5
READ_SECONDS = 20
# Of a file that is read; beyond that it lies on the disk while it is.
MOST_IN_MEMORY = 5 * 2**20
LINK_SECONDS = 60


@contextmanager
def answering(name: str) -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreDown(errno.EIO, "the store of files did not do what it was asked", name) from error


class ObjectStore(S3Storage):  # type: ignore[misc]  # the library has no types
    """Like a folder to whoever uses it: no name is written twice, and a file that is not there is FileNotFoundError."""

    def get_default_settings(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().get_default_settings() | {
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": MOST_IN_MEMORY,
            # Should anybody come to the object by another way: it is kept as a file, not opened.
            "object_parameters": {
                "ContentType": "application/octet-stream",
                "ContentDisposition": "attachment",
                "CacheControl": "private, no-store",
            },
            # No threads: what a worker writes is a file at a time.
            "transfer_config": TransferConfig(use_threads=False),
            "client_config": Config(
                # Each store knows addresses by path; addresses by host need a certificate for each bucket.
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": 2, "mode": "standard"},
                # Newer checksums are not known to every store; ours (SHA-256) are in the rows, and `verify` reads them.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }
        return chosen

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Fetched at once, so that a store that fails fails here, and not in the middle of somebody's reading."""
        with answering(name):
            found: File[bytes] = super()._open(name, mode)
            if "r" in mode:
                assert found.file is not None
            return found

    def _save(self, name: str, content: File[bytes]) -> str:
        """Passed on a piece at a time; the object is there once the last one is, or not at all."""
        with answering(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        self._ask(super().delete, name)

    def exists(self, name: str) -> bool:
        return bool(self._ask(super().exists, name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders, files = self._ask(super().listdir, path)
        return folders, files

    def size(self, name: str) -> int:
        return int(self._ask(super().size, name))

    def get_modified_time(self, name: str) -> datetime:
        found: datetime = self._ask(super().get_modified_time, name)
        return found

    def _ask(self, method: Callable[[str], Any], name: str) -> Any:
        with answering(name):
            return method(name)

    def check(self) -> None:
        """Raises StoreDown where the store, or our place in it, does not answer."""
        with answering(self.bucket_name):
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    def sign_link(self, name: str, *, disposition: str, content_type: str) -> str:
        """An address that gives this one file to whoever has it, for a minute. FileNotFoundError where it is not there.

        The store is asked first, so that a person reads our page and not the store's where it is gone.
        """
        if not self.exists(name):
            raise FileNotFoundError(errno.ENOENT, "not in the store of files", name)
        wanted = {
            "ResponseContentDisposition": disposition,
            "ResponseContentType": content_type,
            "ResponseCacheControl": "private, no-store",
        }
        with answering(name):
            return str(self.url(name, parameters=wanted, expire=LINK_SECONDS))
