"""What comes in by the pages of meetings, a file a concept."""
