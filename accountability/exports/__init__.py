"""What accountability adds to the export of all that a partnership owns: tables a concept, and the files they name."""
