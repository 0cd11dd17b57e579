"""Figures for Prometheus. A label is a name of ours or a number, never anything that a caller sent."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from plainrad.domain.patient import PatientReport

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The figures of one app, in a registry of its own. `shared`: a folder in which several processes add up theirs."""

    def __init__(self, *, shared: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self._shared = shared
        self._requests = Counter(
            "plainrad_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "plainrad_request_seconds", "Time to the answer.", ["route"], buckets=_BUCKETS, registry=self.registry
        )
        self._reports = Counter("plainrad_reports_annotated", "Reports annotated.", registry=self.registry)
        self._dropped = Counter(
            "plainrad_statements_dropped", "Plain sentences that the last check kept back.", registry=self.registry
        )
        self._mentions = Counter("plainrad_mentions", "Mentions that could be told.", registry=self.registry)
        self._neutral = Counter(
            "plainrad_mentions_neutral",
            "Those told neutrally, because the report was not understood.",
            registry=self.registry,
        )
        self._share = Gauge(
            "plainrad_neutral_share",
            "Neutral mentions of all, since the start.",
            multiprocess_mode="mostrecent",
            registry=self.registry,
        )
        self._refused = Counter("plainrad_refusals", "Requests that access refused.", ["code"], registry=self.registry)
        self._tokens = Counter(
            "plainrad_token_requests", "Access tokens asked for.", ["outcome"], registry=self.registry
        )
        self._sign_ins = Counter("plainrad_sign_ins", "Sign-ins of staff.", ["way", "outcome"], registry=self.registry)
        self._accepted = Counter(
            "plainrad_reports_submitted", "Reports handed in.", ["outcome"], registry=self.registry
        )
        self._waiting = Gauge(
            "plainrad_webhooks_waiting",
            "Messages to portals that have not been delivered yet.",
            multiprocess_mode="mostrecent",
            registry=self.registry,
        )
        self._counts = [0, 0]

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def annotated(self, patient: PatientReport) -> None:
        """Count a report and how much of it was understood."""
        told = [one for one in patient.reading.mentions if one.reportable]
        neutral = sum(one.assertion == "neutral" for one in told)
        self._reports.inc()
        self._dropped.inc(sum(flag.code == "statement_dropped" for flag in patient.flags))
        self._mentions.inc(len(told))
        self._neutral.inc(neutral)
        self._counts = [self._counts[0] + neutral, self._counts[1] + len(told)]
        self._share.set(self._counts[0] / max(1, self._counts[1]))

    def refused(self, code: str) -> None:
        """Count a request that access refused."""
        self._refused.labels(code).inc()

    def token_asked(self, outcome: str) -> None:
        """Count an access token that was given, or was not."""
        self._tokens.labels(outcome).inc()

    def signed_in(self, way: str, outcome: str) -> None:
        """Count a sign-in, or one that came to nothing."""
        self._sign_ins.labels(way, outcome).inc()

    def submitted(self, outcome: str) -> None:
        """Count a report that was handed in."""
        self._accepted.labels(outcome).inc()

    def webhooks_waiting(self, count: int) -> None:
        """Set how many messages have not been delivered."""
        self._waiting.set(count)

    def text(self) -> bytes:
        """Return the figures in the text format of Prometheus: of all processes, where they share a folder."""
        if self._shared is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(together)
