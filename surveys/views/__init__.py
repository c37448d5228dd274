"""Pages of question banks, cycles, audits and reports, a file a concept."""
