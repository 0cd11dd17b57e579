"""Every staff page in Chromium: nothing inaccessible, nothing too wide, the whole path by mouse; and the pictures of the guides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from plainrad.api.examples import keep_examples
from plainrad.bootstrap import Plainrad
from tests.browser.support import IN_BROWSER, axe
from tests.support.kept import kept_service
from tests.support.reports import ROOT
from tests.support.running import running

pytestmark = IN_BROWSER
ARTEFACTS = ROOT / "tests" / "artefacts"
LEAVES = "/staff/glossary?q=effusion"


@pytest.fixture(scope="module")
def address(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with kept_service(plainrad, tmp_path_factory.mktemp("staff"), demo=True, clients=False) as kept:
        app = kept.service.app
        keep_examples(app.state.examples, kept.records)
        with running(app) as at:
            yield at


def signed_in(browser: Browser, address: str, role: str) -> Page:
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/staff/sign-in")
    page.locator(f'button[name="demo_role"][value="{role}"]').click()
    page.wait_for_url("**/staff/reports" if role in ("radiologist", "approver") else "**/staff/**")
    return page


@pytest.fixture
def radiologist(browser: Browser, address: str) -> Iterator[Page]:
    page = signed_in(browser, address, "radiologist")
    yield page
    page.context.close()


@pytest.fixture
def editor(browser: Browser, address: str) -> Iterator[Page]:
    page = signed_in(browser, address, "editor")
    yield page
    page.context.close()


@pytest.fixture
def approver(browser: Browser, address: str) -> Iterator[Page]:
    page = signed_in(browser, address, "approver")
    yield page
    page.context.close()


def faults(page: Page) -> list[object]:
    """What axe finds, and whether the page is wider than the screen, on a phone and on a desk."""
    found: list[object] = []
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found += [one["id"] for one in axe(page)["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than {width}")
    return found


def picture(page: Page, name: str) -> None:
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(ARTEFACTS) / f"staff-{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.heavy
def test_a_radiologist_finds_a_report_by_keyboard_hides_a_sentence_and_holds_it(radiologist: Page) -> None:
    page = radiologist
    picture(page, "reports")
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("/")
    page.keyboard.type("DEMO0001")
    page.keyboard.press("Enter")
    page.wait_for_url("**accession=DEMO0001**")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#original-text")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    first = page.locator(".said").first
    first.locator("summary").last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/before")
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#reason").focus()
    page.keyboard.type("Told in person")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("hidden from this patient")
    expect(page.locator(".staff-group .hidden-from-patient")).not_to_have_count(0)
    page.get_by_text("Hold it", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what changes (Hold it)").focus()
    page.keyboard.press("Enter")
    page.locator("#reason").focus()
    page.keyboard.type("Ring first")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The patient cannot read it")
    page.goto(page.url.partition("/staff")[0] + "/staff/reports?state=held")
    expect(page.locator("tbody tr")).not_to_have_count(0)


@pytest.mark.heavy
def test_an_editor_and_an_approver_bring_a_word_to_patients_and_back(
    editor: Page, approver: Page, address: str
) -> None:
    editor.goto(address + LEAVES)
    picture(editor, "glossary")
    assert faults(editor) == []
    editor.set_viewport_size({"width": 1280, "height": 900})
    editor.goto(f"{address}/staff/glossary/entries/pleural-effusion")
    editor.locator("#f-plain").fill("extra fluid around the {side }lung")
    expect(editor.locator("#checked")).to_contain_text("There is extra fluid around the left lung (pleural effusion).")
    picture(editor, "entry")
    assert faults(editor) == []
    editor.get_by_role("button", name="Save as a draft").click()
    editor.get_by_role("link", name="What would this change for patients?").click()
    expect(editor.locator("h1")).to_contain_text("would do")
    assert faults(editor) == []
    editor.go_back()
    editor.get_by_role("button", name="Hand in what is saved").click()
    expect(editor.locator(".staff-state")).to_contain_text("in review")
    approver.goto(editor.url)
    assert faults(approver) == []
    approver.set_viewport_size({"width": 1280, "height": 900})
    approver.get_by_role("button", name="Approve").click()
    approver.goto(f"{address}/staff/glossary/changes")
    assert faults(approver) == []
    approver.get_by_label("What changes for patients, in a sentence").fill("Plainer words for fluid around the lung")
    approver.get_by_role("button", name="Publish as a new version").click()
    expect(approver.locator("tbody")).to_contain_text("Plainer words")
    editor.goto(f"{address}/staff/preview")
    editor.get_by_label("Report").fill("Findings: There is a left pleural effusion.")
    editor.get_by_role("button", name="Show what the patient would read").click()
    expect(editor.locator(".said").first).to_contain_text("extra fluid around the left lung")
    approver.get_by_role("button", name="Bring back the shipped glossary").click()
    expect(approver.locator("tbody")).to_contain_text("as version 0 was")
    picture(approver, "versions")
    assert faults(approver) == []


def test_on_a_phone_the_header_is_one_line_and_its_menu_opens_by_keyboard(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/staff/sign-in")
    page.locator('button[name="demo_role"][value="approver"]').click()
    page.wait_for_url("**/staff/reports")
    header, menu = page.locator(".staff-header"), page.locator(".staff-header__menu > summary")
    queues = page.get_by_role("link", name="Queues", exact=True)
    expect(menu).not_to_be_visible()
    expect(queues).to_be_visible()
    for width in (320, 375):
        page.set_viewport_size({"width": width, "height": 900})
        box = header.bounding_box()
        assert box is not None
        assert box["height"] <= 72, "four lines of links would push the page out of sight"
        expect(queues).not_to_be_visible()
    page.keyboard.press("Tab")  # the skip link
    page.keyboard.press("Tab")  # the name
    page.keyboard.press("Tab")
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    expect(queues).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.locator(".staff-header [aria-current]:visible").inner_text() == "Reports"
    page.screenshot(path=Path(ARTEFACTS) / "staff-menu-375.png")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(queues).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/queues")
    context.close()


def test_the_open_menu_has_no_fault(approver: Page, address: str) -> None:
    approver.set_viewport_size({"width": 320, "height": 900})
    approver.goto(f"{address}/staff/dashboard")
    approver.get_by_text("Menu", exact=True).click()
    assert [one["id"] for one in axe(approver)["violations"]] == []
    assert approver.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.heavy
def test_what_a_change_would_do_is_seen_by_role_before_it_is_published(
    editor: Page, radiologist: Page, address: str
) -> None:
    editor.goto(f"{address}/staff/glossary/entries/pneumothorax")
    editor.locator("#f-plain").fill("air beside the {side }lung")
    editor.get_by_role("button", name="Save as a draft").click()
    editor.get_by_role("link", name="What would this change for patients?").click()
    expect(editor.locator("#recent")).to_be_visible()
    expect(editor.locator("main")).to_contain_text("newest reports would read differently.")
    expect(editor.locator("main")).to_contain_text("You see how many, not which")
    expect(editor.locator(".staff-progress")).not_to_be_visible()
    expect(editor.locator('main a[href^="/staff/reports/"]')).to_have_count(0)
    radiologist.goto(editor.url)
    expect(radiologist.locator("section:has(> #recent) ins").first).to_contain_text("air beside the")
    expect(radiologist.locator("section:has(> #recent) del").first).to_contain_text("pneumothorax")
    picture(radiologist, "effects")
    assert faults(radiologist) == []
    radiologist.set_viewport_size({"width": 1280, "height": 900})
    radiologist.locator('section:has(> #recent) a[href^="/staff/reports/"]').first.click()
    expect(radiologist.locator("#original-text")).to_be_visible()


def test_who_was_signed_out_comes_back_to_the_page_and_loses_no_word(browser: Browser, address: str) -> None:
    page = signed_in(browser, address, "editor")
    page.goto(f"{address}/staff/glossary/entries/hiatus-hernia")
    page.context.clear_cookies()
    page.locator("#f-definition").fill("Air that has come out of the lung, typed for an hour.")
    expect(page.locator("#checked")).to_contain_text("What you write is still here")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("h1")).to_have_text("You are not signed in any more")
    expect(page.locator("main")).to_contain_text("typed for an hour")
    picture(page, "lost")
    assert faults(page) == []
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in (opens a new tab)").click()
    again = opened.value
    again.locator('button[name="demo_role"][value="editor"]').click()
    again.wait_for_url("**/staff/glossary/entries/hiatus-hernia")
    expect(page.locator("main")).to_contain_text("typed for an hour")
    page.context.close()
