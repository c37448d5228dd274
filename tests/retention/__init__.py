"""Tests of s11/retention: schedules, lists, what the database refuses, and what is gone afterwards."""
