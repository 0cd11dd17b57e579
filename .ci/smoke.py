"""Looks at a `make demo` that is starting: health, its page, one annotation.  smoke.py PORT PID LOG"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

LIMIT_S = 300
REPORT = {"text": "Findings: No pneumothorax. Small left pleural effusion.", "status": "final", "exam": "XR chest"}


def fetch(url: str, body: object = None, accept: str = "*/*") -> tuple[int, str, str]:
    """Return (status, content type, text) of a request to this machine; a proxy of the surroundings is not asked."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Accept": accept, "Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return answer.status, answer.headers.get_content_type(), answer.read().decode()


def wait_for(url: str, pid: int) -> None:
    """Return once the address answers with 200; stop with a message when the process ends or the time is over."""
    for _ in range(LIMIT_S * 2):
        try:
            if fetch(url)[0] == 200:
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        if not running(pid):
            sys.exit("smoke: make demo ended before its service answered")
        time.sleep(0.5)
    sys.exit(f"smoke: {url} did not answer with 200 within {LIMIT_S} s")


def running(pid: int) -> bool:
    """Return whether the process is there and has not ended (an ended one may wait to be collected)."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc").is_dir()


def printed_page(port: str, log: str) -> str:
    """Return the address that the demo prints when it is ready, a moment after it first says so to others."""
    for _ in range(60):
        printed = re.search(rf"http://127\.0\.0\.1:{port}\S*", Path(log).read_text(encoding="utf-8"))
        if printed is not None:
            return printed.group()
        time.sleep(0.5)
    sys.exit("smoke: make demo printed no page address")


def main(port: str, pid: str, log: str) -> None:
    """Stop with a message at the first thing that is wrong."""
    base = f"http://127.0.0.1:{port}"
    wait_for(f"{base}/healthz", int(pid))
    wait_for(f"{base}/readyz", int(pid))
    page = printed_page(port, log)
    status, kind, text = fetch(page, accept="text/html")
    if status != 200 or kind != "text/html" or "<h1" not in text:
        sys.exit(f"smoke: {page} gave {status} {kind}, not a page")
    status, kind, text = fetch(f"{base}/v1/annotate", REPORT, "application/json")
    answer = json.loads(text)
    said = {one["concept"]: one["assertion"] for one in answer["mentions"]}
    if answer["original"]["text"] != REPORT["text"] or not answer["disclaimer"] or not answer["statements"]:
        sys.exit("smoke: the annotation lacks the original, the disclaimer or its statements")
    if (said.get("pneumothorax"), said.get("pleural effusion")) != ("absent", "present"):
        sys.exit(f"smoke: the annotation is wrong: {said}")
    status, kind, text = fetch(f"{base}/v1/annotate", REPORT, "text/html")
    if status != 200 or kind != "text/html" or "pneumothorax" not in text:
        sys.exit(f"smoke: /v1/annotate gave {status} {kind} to a caller that accepts HTML")
    pages = len(list(Path("build/demo").glob("*.html")))
    if pages < 16:
        sys.exit(f"smoke: only {pages} example pages in build/demo")
    print(f"smoke: healthy; page and annotation right ({len(answer['statements'])} statements); {pages} example pages")


if __name__ == "__main__":
    main(*sys.argv[1:4])
