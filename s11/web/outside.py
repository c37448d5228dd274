"""What the service leans on outside itself, by a setting each: a database, a store of files, a cache server. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

Storage = dict[str, Any]
ON_DISK: Storage = {"BACKEND": "s11.web.whole_files.WholeFileStorage"}


def make_database(said: Mapping[str, Any]) -> dict[str, Any]:
    """What Django is told of the database, from what was said of it; that stands where both speak of a thing.

    On PostgreSQL, what a connection asks for the sixth time is prepared, and the server soon keeps its plan: joining
    the nine tables around an audit takes it 0.2 ms, deciding how 3 ms. A connection that is lent for one transaction at
    a time, as PgBouncer may do, may lose what was prepared: `server_side_binding=false` in the address leaves it.
    ValueError where it says neither that nor true.
    """
    # A new connection is a third of a short request's time: SQLite reads the definitions of all tables for it.
    database = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **said}
    if database.get("ENGINE") != "django.db.backends.postgresql":
        return database
    options = {"server_side_binding": "true", "prepare_threshold": 5, **database.get("OPTIONS", {})}
    # An address has texts alone, and Django takes no text for True.
    binding = options["server_side_binding"]
    if binding not in {"true", "false"}:
        raise ValueError(
            f"DATABASE_URL says server_side_binding={binding}. Write true or false, or leave it out."
        )
    return {**database, "OPTIONS": {**options, "server_side_binding": binding == "true"}}


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


def make_cache(url: str) -> Storage:
    """The database's own table; or a server that speaks Redis' protocol, as Valkey does, by its address."""
    if not url:
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "s11_cache",
            # Five rows a person who signs in. Beyond Django's own 300 it would throw counts of wrong passwords away.
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    scheme, _, rest = url.partition("://")
    known = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
    if scheme not in known or not rest:
        raise ValueError(
            "CACHE_URL is to be the address of a cache server, such as redis://127.0.0.1:6379/0."
        )
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"{known[scheme]}://{rest}",
        "KEY_PREFIX": "s11",
        # Each sign-in asks it: one that hangs must not hold up every process.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
