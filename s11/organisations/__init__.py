"""Who takes part: partnerships, organisations, people and their roles, invitations. Knows nothing of audits."""
