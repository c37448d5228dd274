"""Everything that a partnership owns, in open formats: what it takes along, or shows to an inspector."""
