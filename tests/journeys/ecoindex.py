"""EcoIndex of a page, by the published quantiles of GreenIT-Analysis (cnumr); A is above 80."""

DOM = (0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479)
REQUESTS = (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281)
KILOBYTES = (
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27),
    *(1876.08, 2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54),
)
WEIGH = """() => {
  const files = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
  return {
    elements: document.querySelectorAll('*').length,
    requests: files.length,
    kilobytes: files.reduce((sum, file) => sum + file.transferSize, 0) / 1000,
  };
}"""


def weigh(page) -> dict:
    """Elements, requests and kilobytes on the wire of the page shown, with an empty cache."""
    return page.evaluate(WEIGH)


def _quantile(bounds: tuple, value: float) -> float:
    for place in range(1, len(bounds)):
        if value < bounds[place]:
            return place - 1 + (value - bounds[place - 1]) / (bounds[place] - bounds[place - 1])
    return len(bounds)


def ecoindex(*, elements: int, requests: int, kilobytes: float) -> float:
    """100 - 5 (3 q_dom + 2 q_requests + q_size) / 6, between 0 and 100."""
    weights = 3 * _quantile(DOM, elements) + 2 * _quantile(REQUESTS, requests)
    return 100 - 5 * (weights + _quantile(KILOBYTES, kilobytes)) / 6
