"""What the service may lean on outside itself, each by a setting: a store of files. Pure, for the settings to read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

Storage = dict[str, Any]
ON_DISK: Storage = {"BACKEND": "s11.web.whole_files.WholeFileStorage"}


def make_storage(url: str, *, key: str, secret: str, region: str) -> Storage:
    """Of an address such as https://storage.example.org/bucket/folder, where the folder may be left out.

    Without a key the library looks for the machine's own (a role). ValueError where the address names no bucket.
    """
    if not url:
        return ON_DISK
    parts = urlsplit(url)
    bucket, _, folder = parts.path.strip("/").partition("/")
    if parts.scheme not in {"http", "https"} or not parts.hostname or not bucket or parts.username:
        raise ValueError(
            "FILES_STORE_URL is to be the address of the store and then the bucket, "
            "such as https://storage.example.org/s11, without a user name."
        )
    return {
        "BACKEND": "s11.web.object_store.ObjectStore",
        "OPTIONS": {
            "endpoint_url": f"{parts.scheme}://{parts.netloc}",
            "bucket_name": bucket,
            "location": folder,
            "region_name": region,
            # Left out, the library asks the environment and then the machine.
            **({"access_key": key, "secret_key": secret} if key else {}),
        },
    }
