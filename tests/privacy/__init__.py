"""Tests of s11/privacy: the map of what is held about people, exports of it, and anonymising."""
