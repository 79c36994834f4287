"""A person without a mouse: Tab, arrows, Space and Enter, and a focus that is always seen."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 90
IS_SEEN = """element => {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const around = getComputedStyle(element.closest("label, .choice-card, .field") || element);
  const outlined = one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0;
  const drawn = one => outlined(one) || one.boxShadow !== "none";
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight && (drawn(style) || drawn(around));
}"""
IS_FOCUSED = "element => element === document.activeElement"


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> Locator:
        """Tab forward until the target has the focus, and see it there."""
        expect(target).to_be_attached()
        for _ in range(MOST_TABS):
            if target.evaluate(IS_FOCUSED):
                assert target.evaluate(IS_SEEN), f"the focus is not seen on {target}"
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_TABS} tabs never reached {target}")

    def enter(self, target: Locator) -> None:
        """Press Enter on the target and wait for the page it leads to."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self.enter(self.page.get_by_role("link", name=name).first)

    def press(self, name: str) -> None:
        self.enter(self.page.get_by_role("button", name=name).first)

    def write(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        box = self.reach(self.page.get_by_label(label))
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, label: str) -> None:
        """One radio of its group: Tab enters the group, arrows go round it."""
        wanted = self.page.get_by_label(label)
        group = self.page.locator(f"input[type=radio][name={wanted.get_attribute('name')}]")
        checked = group.locator("xpath=self::*[@checked]")
        self.reach(checked if checked.count() else group.first)
        if not checked.count():
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows never chose {label}")

    def leave_nothing_trapped(self) -> None:
        """Tab always ends by leaving the page: no trap (RGAA 12.9)."""
        for _ in range(400):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                return
        raise AssertionError("the focus never leaves the page")
