"""Organisations answer question banks, answers are scored, scores are reported. Knows nothing of accountability."""
