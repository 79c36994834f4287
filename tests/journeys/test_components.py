"""The components in a real Chromium, under the real policy: what no parser can judge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_components(live_server, chromium):
    """Opens a page at a width in a scheme; `complaints` gathers what the console said."""
    pages = []

    def open_page(*, width=1280, scheme="light", name="components", query=""):
        page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(f"{live_server.url}{reverse(f'common:{name}')}{query}")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("query", ["", "?desk=1"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_components_pass_axe_and_fit(open_components, width, scheme, query):
    page = open_components(width=width, scheme=scheme, query=query)

    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    complaints = list(page.complaints)
    violations = [one["id"] for one in Axe().run(page).response["violations"]]

    assert (overflow, complaints, violations) == (0, [], [])


def test_dialog_opens_at_its_question_and_gives_the_focus_back(open_components):
    page = open_components()
    page.locator("details[data-dialog] > summary").press("Enter")

    at_the_question = page.evaluate("document.activeElement.className")
    page.keyboard.press("Escape")
    page.wait_for_function("document.querySelector('dialog') === null")

    assert at_the_question == "dialog-title"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.complaints == []


def test_first_tab_leads_to_the_content(open_components):
    page = open_components(name="help")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"


FORMS = """
    const main = document.querySelector("main");
    for (const name of names) {
        const form = Object.assign(document.createElement("form"), { method: "post" });
        form.append(Object.assign(document.createElement("input"), { name }));
        main.append(form);
    }
"""
LEAVING = """() => {
    const leaving = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented;
}"""


@pytest.mark.parametrize(("names", "asked"), [(["title"], False), (["title", "action"], True)])
def test_words_typed_in_the_form_beside_are_not_left_unasked(open_components, names, asked):
    """Sending one form of a page would drop what the other holds: the browser asks first (ADR 0058)."""
    page = open_components(name="help")
    page.evaluate(f"(names) => {{{FORMS}}}", names)

    page.fill(f"main [name={names[-1]}]", "Se former")

    assert page.evaluate(LEAVING) is asked
