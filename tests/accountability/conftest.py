"""What several modules of these tests begin with: a published report, and a poster on its way."""

from __future__ import annotations

from accountability.enums import PosterKind
from accountability.models import Poster, Report
from accountability.postering import begin_poster
from accountability.writing_findings import add_finding
from tests.accountability.posters import make_input, publish_report
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def published(cast: Cast) -> Report:
    return publish_report(cast)


@grounded
def poster(cast: Cast, published: Report) -> Poster:
    """By the administrator, of one finding."""
    add_finding(report=published, entered=make_input(), by=cast.administrator)
    return begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
