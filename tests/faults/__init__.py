"""What is too slow for every run: `make faults` runs these. Their names keep them out of `make test`."""
