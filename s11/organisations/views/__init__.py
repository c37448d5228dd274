"""The pages about people, organisations and a partnership's own words."""
