"""The public road as an old phone sees it: four times slower, on slow 4G (Core Web Vitals)."""

from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.timing import Row

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
CHROMIUM += ["--disable-background-networking", "--disable-component-update"]
# Lighthouse's « slow 4G »: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
SLOWER, GOOD_LCP, GOOD_CLS = 4, 2.5, 0.1  # Core Web Vitals, 75th percentile
VITALS = """() => new Promise(done => {
  let lcp = 0, cls = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) lcp = one.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  const moved = list => { for (const one of list.getEntries()) if (!one.hadRecentInput) cls += one.value; };
  new PerformanceObserver(moved).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done([lcp / 1000, cls]), 600);
})"""


def public_road(address: str) -> list[Row]:
    """The worst page of the road, walked from the door to the code by somebody who comes first time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="fr-FR")
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        seen = {name: page.evaluate(VITALS) for name in _walk(page, address)}
        browser.close()
    slowest, (lcp, _) = max(seen.items(), key=lambda one: one[1][0])
    moving, (_, cls) = max(seen.items(), key=lambda one: one[1][1])
    return [
        Row(
            f"LCP, {SLOWER}x slower, slow 4G, {len(seen)} pages",
            f"{lcp:.2f} s ({slowest})",
            f"{GOOD_LCP} s (good)",
            f"{lcp / GOOD_LCP:.2f}x",
            "≤ 0.6x",
            lcp <= 0.6 * GOOD_LCP,
        ),
        Row(
            f"CLS, {len(seen)} pages",
            f"{cls:.3f} ({moving})",
            f"{GOOD_CLS} (good)",
            f"{cls / GOOD_CLS:.2f}x",
            "≤ 0.5x",
            cls <= 0.5 * GOOD_CLS,
        ),
    ]


def _walk(page: Page, address: str) -> Iterator[str]:
    """The road of the journeys; yields the name of each page once it is shown."""
    page.goto(address, wait_until="load")
    yield "accueil"
    page.get_by_role("link", name="Prendre rendez-vous").first.click()
    yield "situation"
    page.get_by_label("Salarié du privé").check()
    page.get_by_role("button", name="Continuer").click()
    yield "commune"
    page.get_by_label("Commune ou code postal").fill("35000")
    page.get_by_label("où j’habite").check()
    page.get_by_role("button", name="Continuer").click()
    yield "besoin"
    page.get_by_label("Changer de métier").check()
    page.get_by_role("button", name="Continuer").click()
    yield "vérification"
    page.get_by_role("button", name="Voir les heures libres").click()
    yield "créneaux"
    page.locator("button[name=creneau]").first.click()
    yield "coordonnées"
