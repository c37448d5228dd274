"""Whether the web process of this container answers; for the image's HEALTHCHECK, which has no curl."""

import os
import sys
from urllib.request import Request, urlopen


def is_healthy(port: int) -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].lstrip(".*") or "localhost"
    try:
        with urlopen(
            Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host}), timeout=4
        ) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not is_healthy(int(os.environ.get("PORT", "8000"))))
