"""`plainrad release ...`: is the policy of the site right, and what would it do."""

import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from plainrad.domain.release import ReleaseFacts
from plainrad.errors import PlainradError
from plainrad.release.policy import ReleasePolicy
from plainrad.terminal import fail, show, why

commands = typer.Typer(name="release", help="The release policy of the site.", no_args_is_help=True)
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="A release.toml; that of the settings if not given.")
]


@commands.command("check")
def check_policy(policy: PolicyFile = None) -> None:
    """Check a release policy, and say what it means."""
    found = _policy(policy)
    lines = [
        f"{found.days} days after verification, {found.nation}"
        + (
            f", on working weekdays from {found.opens:%H:%M} to {found.closes:%H:%M}" if found.working_days_only else ""
        ),
        f"never shown: {', '.join(sorted(found.excluded_exams or ())) or 'nothing is excluded'}"
        if found.excluded_exams is not None
        else "NOTHING KEPT IS RELEASED: say which exams are never shown (excluded_exams = [] for none)",
        f"until somebody has looked: {', '.join(sorted(found.sensitive)) or 'nothing'}",
    ]
    for rule in found.rules:
        does = [f"{rule.days} days"] if rule.days is not None else []
        does += ["held until somebody has looked"] if rule.hold else []
        does += ["never shown"] if rule.exclude else []
        lines.append(f"rule '{rule.name}': {', '.join(does)}")
    show("\n".join(lines) + "\n")


@commands.command("dry-run")
def dry_run_policy(
    source: Annotated[
        Path | None, typer.Argument(metavar="FILE.jsonl", help="Reports, one a line, with the fields of the API.")
    ] = None,
    stored: Annotated[bool, typer.Option("--stored", help="The reports that are kept here.")] = False,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --stored: received since.")] = None,
    policy: PolicyFile = None,
    at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Decide as of this day; today if not given.")
    ] = None,
) -> None:
    """Show what a policy would do to last month's reports. Nothing is changed, and no word of a report is shown."""
    from plainrad.release.dry_run import dry_run

    if stored == (source is not None):
        fail("usage", "Give either a FILE.jsonl or --stored.")
    now = at.replace(hour=12, tzinfo=UTC) if at is not None else datetime.now(UTC)
    begin = since.replace(tzinfo=UTC) if since is not None else now - timedelta(days=31)
    skipped: list[int] = []
    facts = _from_file(source, now, skipped) if source is not None else _from_store(begin)
    found = dry_run(facts, _policy(policy), now=now, today=_policy(None) if policy is not None else None)
    lines = [f"{found.reports:,} reports, decided as of {now:%Y-%m-%d %H:%M} UTC", ""]
    lines += [f"  {name:<24}{count:>8,}  {count / found.reports:>6.1%}" for name, count in found.states.most_common()]
    lines += ["", "why:"] + [f"  {name:<24}{count:>8,}" for name, count in found.codes.most_common()]
    if found.days:
        longest = max(found.days)
        lines += [
            "",
            f"days from verification to release: median {statistics.median(found.days):.1f}, longest {longest:.1f}",
        ]
    if found.changed:
        lines += ["", "other than with today's policy:"]
        lines += [f"  {name:<24}{count:>8,}" for name, count in found.changed.most_common()]
    if skipped:
        lines += [
            "",
            f"{len(skipped):,} lines are no verified reports and were left out; the first is line {skipped[0]}",
        ]
    show("\n".join(lines) + "\n")


def _policy(path: Path | None) -> ReleasePolicy:
    from plainrad.bootstrap import release_policy
    from plainrad.release.load import load_policy
    from plainrad.settings import settings

    return load_policy(path) if path is not None else release_policy(settings())


def _from_store(since: datetime) -> Iterator[ReleaseFacts]:
    from plainrad.bootstrap import bare_records
    from plainrad.settings import settings

    return bare_records(settings()).facts(since=since)


def _from_file(source: Path, now: datetime, skipped: list[int]) -> Iterator[ReleaseFacts]:
    from plainrad.bootstrap import plainrad
    from plainrad.formats.incoming import parse_json, parse_report
    from plainrad.records.facts import facts_of_report

    explain = plainrad().annotate
    try:
        with source.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    fields = parse_json(line)
                    if isinstance(fields, dict):
                        fields.pop("id", None)
                    report = parse_report(fields)
                except PlainradError:
                    skipped.append(number)
                    continue
                yield facts_of_report(report, explain(report), now=now)
    except OSError as error:
        fail("file_unreadable", f"FILE.jsonl cannot be read: {why(error)}.")
