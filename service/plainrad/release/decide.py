"""facts + policy + audience + clock -> decision.

Nothing is ever switched by a timer: whether something may be read is worked out anew each time it is asked for. A worker that stands
still makes nothing visible that should not be, and hides nothing.
"""

from collections.abc import Iterator
from datetime import datetime

from plainrad.domain.release import Audience, HoldKind, ReleaseCode, ReleaseDecision, ReleaseFacts, Telling
from plainrad.release.policy import ReleasePolicy, exam_names

# What nobody may learn from us: that there is such a hold would be as harmful as what it keeps back.
_SILENT: frozenset[ReleaseCode] = frozenset(
    {"hold_withhold", "hold_safeguarding", "hold_third_party", "hold_proxy_only", "exam_excluded"}
)
_HOLDS: tuple[tuple[HoldKind, ReleaseCode, str], ...] = (
    ("safeguarding", "hold_safeguarding", "Held for safeguarding."),
    ("withhold", "hold_withhold", "Withheld: it could cause serious harm."),
    ("third_party", "hold_third_party", "Held: it speaks of somebody else."),
    ("clinical", "hold_clinical", "Held by a professional."),
    ("sensitive", "hold_sensitive", "Held as sensitive by a professional."),
    ("proxy_only", "hold_proxy_only", "Held from everybody who reads for the patient."),
)


def decide(facts: ReleaseFacts, policy: ReleasePolicy, *, audience: Audience, now: datetime) -> ReleaseDecision:
    """Return whether `audience` may read this version at `now`, and if not, why. What is not known keeps it back.

    The order is that of weight: a withdrawal outweighs everything, a hold outweighs an early release, an early release outweighs the
    days to wait and what the policy would have looked at first.
    """
    if facts.withdrawn:
        return ReleaseDecision("retracted", None, "Withdrawn.", "withdrawn", "nothing")
    if facts.superseded:
        return ReleaseDecision("retracted", None, "A newer version of this report replaces it.", "superseded")
    if audience == "professional":
        return ReleaseDecision(
            "released", facts.received_at, "Professionals may read it at once.", "professional", "date"
        )
    for code, reason in _reasons_to_hold(facts, policy, proxy=audience == "proxy"):
        told: Telling = "nothing" if code in _SILENT else policy.tell_held
        return ReleaseDecision("held", None, reason, code, "exists" if code.startswith("patient_") else told)
    moment, early = _moment(facts, policy, facts.verified_at or now, proxy=audience == "proxy")
    if now >= moment:
        if early:
            return ReleaseDecision("released", moment, "Released early by a professional.", "released_early", "date")
        return ReleaseDecision("released", moment, policy.span(_days(facts, policy)), "released", "date")
    return ReleaseDecision("embargoed", moment, policy.span(_days(facts, policy)), "embargo", policy.tell_embargoed)


def told(decision: ReleaseDecision) -> ReleaseDecision:
    """Return what the patient may know of a decision: everything, once it may be read; else no more than `tell` allows."""
    if decision.visible:
        return decision
    if decision.tell == "date" and decision.state == "embargoed":
        return decision
    if decision.code.startswith("patient_"):
        return decision
    return ReleaseDecision(
        decision.state if decision.state == "retracted" else "held",
        None,
        "It cannot be read yet.",
        "policy",
        decision.tell,
    )


def _reasons_to_hold(facts: ReleaseFacts, policy: ReleasePolicy, *, proxy: bool) -> Iterator[tuple[ReleaseCode, str]]:
    """Yield what keeps it back without an end that could be named, the weightiest first."""
    in_force = {hold.kind for hold in facts.holds if hold.lifted_at is None}
    for kind, code, reason in _HOLDS:
        if kind in in_force and (kind != "proxy_only" or proxy):
            yield code, reason
    yield from _exclusions(facts, policy)
    if facts.verified_at is None:
        yield "verification_missing", "No verification time was given, so no release time can be counted."
    elif facts.verified_at > facts.received_at + policy.clock_skew:
        yield "verification_in_future", "The verification time lies after the time at which the report was received."
    if facts.sensitive is None or facts.explained_at is None:
        yield "not_explained", "The report has not been explained, so nobody knows what is in it."
    looked = facts.looked_at is not None or facts.released_early_at is not None
    if not looked:
        if facts.out_of_order:
            yield (
                "versions_out_of_order",
                "It was verified before the version that it replaces. A professional must look.",
            )
        if facts.hidden_before:
            yield (
                "hidden_before",
                "Something was hidden or told in neutral words in the version that it replaces. A professional must look whether to do so here too.",
            )
        if any(rule.hold for rule in policy.rules if rule.fits(facts)):
            yield "exam_held", "Examinations of this kind wait until a professional has looked."
        if facts.sensitive and facts.sensitive & policy.sensitive:
            yield "sensitive_category", "It mentions something sensitive and waits until a professional has looked."
    wish = facts.preference
    if wish is not None and wish.wish == "not_now":
        yield "patient_not_now", "The patient does not want to see it now."
    if wish is not None and wish.wish == "with_clinician":
        together = facts.released_early_at
        if together is None or together < wish.stated_at:
            yield "patient_with_clinician", "The patient wants to see it together with a professional."


def _exclusions(facts: ReleaseFacts, policy: ReleasePolicy) -> Iterator[tuple[ReleaseCode, str]]:
    if policy.excluded_exams is None:
        yield "exclusions_not_stated", "This site has not said which examinations are never shown (excluded_exams)."
        return
    if policy.excluded_exams & exam_names(facts) or any(rule.exclude for rule in policy.rules if rule.fits(facts)):
        yield "exam_excluded", "Examinations of this kind are not shown at this site."
    picky = policy.excluded_exams or any(rule.exams and (rule.exclude or rule.hold) for rule in policy.rules)
    if picky and not facts.exam_code and policy.exam_not_stated == "hold" and facts.looked_at is None:
        yield "exam_unknown", "The code of the examination is missing, so nobody can tell whether it may be shown."


def _days(facts: ReleaseFacts, policy: ReleasePolicy) -> int:
    stated = [rule.days for rule in policy.rules if rule.days is not None and rule.fits(facts)]
    return max(stated, default=policy.days)


def _moment(facts: ReleaseFacts, policy: ReleasePolicy, counted: datetime, *, proxy: bool) -> tuple[datetime, bool]:
    """Return the first moment at which it may be read, and whether that is an early release.

    What comes late (the report, its explanation, the lifting of a hold, a professional's look) is shown from the next working hour
    on, as everything else: nobody should find news on a Sunday night. A person's own act, an early release or the patient's wish to
    see it, holds at once.
    """
    if policy.corrections == "first" and facts.first_verified_at is not None:
        counted = min(counted, facts.first_verified_at)
    explained = facts.explained_at or facts.received_at
    late = [facts.received_at, explained]
    late += [one.lifted_at for one in facts.holds if one.lifted_at is not None and (one.kind != "proxy_only" or proxy)]
    if facts.looked_at is not None and _needed_looking(facts, policy):
        late.append(facts.looked_at)
    due = max(policy.available_from(counted, days=_days(facts, policy)), policy.working(max(late)))
    early = facts.released_early_at
    if early is None:
        return due, False
    # A hold that was lifted after an early release: the person who lifted it did not choose the hour for the patient.
    early = max([early, explained, *(policy.working(one) for one in late[2:] if one > early)])
    return (early, True) if early < due else (due, False)


def _needed_looking(facts: ReleaseFacts, policy: ReleasePolicy) -> bool:
    return (
        facts.out_of_order
        or facts.hidden_before
        or bool(facts.sensitive and facts.sensitive & policy.sensitive)
        or any(rule.hold for rule in policy.rules if rule.fits(facts))
        or (bool(policy.excluded_exams) and not facts.exam_code)
    )
