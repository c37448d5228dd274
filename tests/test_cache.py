"""The cache as it is deployed: a table of the database, which must outlast an evening on which everybody signs in."""

from django.core.cache.backends.db import DatabaseCache
from django.db import connection

from s11 import settings as deployed


def test_nothing_is_thrown_away_while_a_thousand_people_sign_in(db: None) -> None:
    """The counts of wrong-passwords are kept here: whoever could push them out could guess for ever."""
    given = deployed.CACHES["default"]
    name = str(given["LOCATION"])
    cache = DatabaseCache(name, {"OPTIONS": given["OPTIONS"]})
    cache.set("wrong-passwords", 5, 3_600)
    table = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} SELECT %s, value, expires FROM {table} WHERE cache_key = ':1:wrong-passwords'",
            [(f"0:{number}",) for number in range(6_000)],
        )
    for number in range(2):
        cache.set(f"another-{number}", 1, 3_600)
    assert cache.get("wrong-passwords") == 5
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        assert cursor.fetchone() == (6_003,)
