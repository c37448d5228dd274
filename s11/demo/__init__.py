"""A demonstration: two fictional partnerships in the middle of their year. The same on every run of the same day."""
