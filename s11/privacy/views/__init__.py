"""Pages about people's own data: a person's own, and those of a partnership's administrators."""
