"""Commands: thin, each prints what it did."""
