from tests.benchmarks.pages import PAGES, Weight, fonts_used, kept_weights, weight_of

STYLES = """
@font-face {
  src: url("../fonts/letters.woff2") format("woff2");
  unicode-range: U+0000-00FF;
}
@font-face {
  src: url("../fonts/digits.woff2") format("woff2");
  unicode-range: U+0030-0039;
}
@font-face {
  src: url("../fonts/far.woff2") format("woff2");
  unicode-range: U+0100-0130, U+2113;
}
"""


def test_a_page_asks_for_the_faces_that_hold_its_characters():
    assert fonts_used(STYLES, "abc") == {"fonts/letters.woff2"}
    assert fonts_used(STYLES, "a 9") == {"fonts/letters.woff2", "fonts/digits.woff2"}
    assert fonts_used(STYLES, "12") == {"fonts/digits.woff2"}


def test_a_page_weighs_its_elements_and_each_file_once():
    script = '<script src="/static/js/portal.js"></script>'

    weight = weight_of(f"<html><body><p>a<br></p><svg><path/></svg>{script}{script}</body></html>")

    assert (weight.nodes, weight.requests) == (8, 2)
    assert 1 < weight.kilobytes < 4


def test_twenty_pages_are_kept():
    names = [f"{view}{' >' if followed else ''}" for _, view, _, followed in PAGES]

    assert (len(names), list(kept_weights())) == (20, names)


def test_a_page_is_within_what_was_kept_when_nothing_grew():
    kept = Weight(100, 5, 40.0)

    heavier = [Weight(101, 5, 40.0), Weight(100, 6, 40.0), Weight(100, 5, 40.1)]
    assert [weight.within(kept) for weight in (kept, *heavier)] == [True, False, False, False]
