"""How long a page, a fragment, plain text and a PDF take, and how large they are.  python -m benchmarks.bench_render"""

from collections.abc import Callable
from time import perf_counter, process_time

from benchmarks.measure import example_reports, percentile, table, write
from plainrad.bootstrap import plainrad
from plainrad.domain.patient import PatientReport
from plainrad.render import render_fragment, render_html, render_pdf, render_text

FORMATS: dict[str, Callable[[PatientReport], str | bytes]] = {
    "page": render_html,
    "page, easy style": lambda patient: render_html(patient, look="easy"),
    "fragment": render_fragment,
    "plain text": render_text,
    "PDF": render_pdf,
    "PDF, large print": lambda patient: render_pdf(patient, look="large"),
}
LIMITS = {"page": 40, "PDF": 2000}


def measured(
    render: Callable[[PatientReport], str | bytes], patients: list[PatientReport]
) -> tuple[list[float], list[float], list[int]]:
    """Return milliseconds on the processor, milliseconds on the clock, and sizes in bytes, one each a report; the first run is not counted."""
    render(patients[0])
    busy, waited, sizes = [], [], []
    for patient in patients:
        clock, processor = perf_counter(), process_time()
        made = render(patient)
        busy.append((process_time() - processor) * 1000)
        waited.append((perf_counter() - clock) * 1000)
        sizes.append(len(made if isinstance(made, bytes) else made.encode()))
    return busy, waited, sizes


def main() -> None:
    """Measure, and write benchmarks/results/render.md."""
    explainer = plainrad()
    patients = [explainer.annotate(report) for report in example_reports()]
    clock = perf_counter()
    render_pdf(patients[0])
    first = perf_counter() - clock
    rows: list[list[object]] = []
    over = []
    for name, render in FORMATS.items():
        busy, waited, sizes = measured(render, patients)
        rows.append(
            [
                name,
                percentile(busy, 50),
                max(busy),
                percentile(waited, 50),
                max(waited),
                percentile(sizes, 50) / 1000,
                max(sizes) / 1000,
            ]
        )
        if max(busy) > LIMITS.get(name, 10_000):
            over.append(f"{name}: {max(busy):.0f} ms is over {LIMITS[name]} ms.")
    head = ["what", "p50 ms", "slowest ms", "p50 ms by the clock", "slowest by the clock", "p50 kB", "largest kB"]
    write(
        "render",
        "Speed of pages and PDFs",
        f"{len(patients)} example reports, already read and explained. Times on the processor; by the clock other programs of the machine count too. "
        f"The bars: a page in {LIMITS['page']} ms, a PDF in {LIMITS['PDF'] / 1000:.0f} s. {' '.join(over) or 'Every report keeps them.'}\n",
        table(head, rows),
        f"The first PDF of a process takes {first:.1f} s by the clock: WeasyPrint is loaded then.\n",
    )


if __name__ == "__main__":
    main()
