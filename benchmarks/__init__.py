"""How fast and how large: `make bench` measures, each figure beside a floor of the same run, into latest.json."""
