"""Facts for tests of decisions."""

from datetime import UTC, datetime, timedelta

from plainrad.domain.release import ReleaseFacts
from plainrad.release.policy import ReleasePolicy

VERIFIED = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
RECEIVED = VERIFIED + timedelta(minutes=10)
LATER = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
POLICY = ReleasePolicy(excluded_exams=frozenset())
FACTS = ReleaseFacts(
    received_at=RECEIVED,
    verified_at=VERIFIED,
    first_verified_at=VERIFIED,
    explained_at=RECEIVED,
    sensitive=frozenset(),
    exam_code="XTEST",
    exam_system="NICIP",
    exam_title="CT chest",
    modality="CT",
    body_regions=frozenset({"chest"}),
)
