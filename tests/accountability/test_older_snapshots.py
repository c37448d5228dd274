"""What was published in an earlier format is read by today's pages, and its own words still find their numbers."""

from __future__ import annotations

from accountability.report_content import upgrade


def test_audits_are_found_by_the_name_of_their_time_and_by_todays() -> None:
    figures = {"all": {"submitted": 12}, "variants": [{"variant": "school", "submitted": 7}]}
    [read] = upgrade({"format": 1, "figures": [figures]})["figures"]
    assert (read["all"]["audits"], read["all"]["submitted"]) == (12, 12)
    assert (read["variants"][0]["audits"], read["variants"][0]["submitted"]) == (7, 7)


def test_what_is_of_today_stays() -> None:
    figures = {"all": {"audits": 12}, "variants": []}
    assert upgrade({"format": 2, "figures": [figures]}) == {"format": 2, "figures": [figures]}
