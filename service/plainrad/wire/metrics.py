"""Figures of the message traffic, for Prometheus. Labels are codes of our own: no name, number or word of a message."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class WireMetrics:
    """What was taken, refused, worked on and sent since the start."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._answers = Counter(
            "plainrad_hl7_answers", "Messages answered.", ["answer", "code"], registry=self.registry
        )
        self._worked = Counter("plainrad_hl7_worked", "Messages worked on.", ["outcome"], registry=self.registry)
        self._sent = Counter("plainrad_hl7_sent", "Answers of the destination.", ["answer"], registry=self.registry)
        self._waiting = Gauge("plainrad_hl7_waiting", "Messages that wait in the spool.", registry=self.registry)
        self._connections = Gauge("plainrad_hl7_connections", "Connections that are open.", registry=self.registry)

    def answered(self, answer: str, code: str) -> None:
        """Count an answer to a sender."""
        self._answers.labels(answer, code).inc()

    def worked(self, outcome: str) -> None:
        """Count a message that was worked on: done, retried, original_only, or the code of why it failed."""
        self._worked.labels(outcome).inc()

    def sent(self, answer: str) -> None:
        """Count an answer of the destination: AA, AE, AR, or none."""
        self._sent.labels(answer).inc()

    def waiting(self, count: int) -> None:
        """Say how many messages wait."""
        self._waiting.set(count)

    def connected(self, change: int) -> None:
        """Count a connection that opened (1) or closed (-1)."""
        self._connections.inc(change)
