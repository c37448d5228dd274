"""Figures of the running service in the format that Prometheus reads, at /metrics/, where `METRICS_TOKEN` is set.

Of the service alone: no person, organisation or partnership is named or counted by itself. Imported only where that
setting is set, as its library may be missing elsewhere.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from s11.readiness import OK, get_states
from s11.web.request_ids import KNOWN_METHODS
from surveys.enums import ScanState
from surveys.models import Document, EvidenceVersion

REQUESTS = Counter(
    "s11_requests", "Visits, by the name of the address", ("route", "method", "status"), registry=None
)
SECONDS = Histogram(
    "s11_request_seconds",
    "How long visits took",
    ("method",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=None,
)


class MetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None:
            method = request.method if request.method in KNOWN_METHODS else "other"
            REQUESTS.labels(match.view_name, method, f"{response.status_code // 100}xx").inc()
            SECONDS.labels(method).observe(time.monotonic() - began)
        return response


class StateCollector(Collector):
    """What the database and the disk say at the moment of asking: the same from whichever process answers."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("s11_jobs", "Jobs in the queue's table, by state", labels=("state",))
        for status, count in DBTaskResult.objects.order_by().values_list("status").annotate(n=Count("pk")):
            jobs.add_metric((str(status).lower(),), count)
        yield jobs
        waiting = DBTaskResult.objects.ready()
        oldest = waiting.aggregate(at=Min("enqueued_at"))["at"]
        age = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("s11_oldest_job_seconds", "How long the oldest job has waited", age)
        yield GaugeMetricFamily("s11_files_waiting", "Files to be built", Document.objects.waiting().count())
        held = EvidenceVersion.objects.filter(scan_state=ScanState.WAITING).count()
        yield GaugeMetricFamily("s11_files_in_quarantine", "Files that wait for the virus scanner", held)
        parts = GaugeMetricFamily("s11_part_ready", "1 where a part of the service works", labels=("part",))
        for name, state in get_states(background=True).items():
            parts.add_metric((name,), int(state == OK))
        yield parts


def make_page() -> bytes:
    """Of all processes, where they share a folder (PROMETHEUS_MULTIPROC_DIR); else visits are those of this one."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(StateCollector())
    return generate_latest(registry)
