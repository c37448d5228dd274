"""Forms of the surveys app, a file a concept."""
