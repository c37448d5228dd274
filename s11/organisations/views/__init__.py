"""Pages of people, organisations and a partnership's own settings and texts, a file a concept."""
