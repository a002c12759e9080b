"""What a page did wrong while it was used, and what can be measured of its look."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# Noted by the page itself: a refused style or script is no exception.
_NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""

# Every visible text, its contrast with what lies behind it (WCAG 2.2, 1.4.3); disabled controls are exempt.
_CONTRASTS = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => {
    const part = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    const box = element.getBoundingClientRect();
    if (!words || box.width < 2 || box.height < 2 || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
    if (element.closest(":disabled, [aria-disabled=true], option, script, style, noscript")) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const [a, b] = [light(over(rgba(style.color), ground)), light(ground)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const contrast = (a + 0.05) / (b + 0.05);
    const place = element.className || element.tagName;
    if (contrast < (large ? 3 : 4.5)) found.push(`${words.slice(0, 40)} (${contrast.toFixed(2)}, ${place})`);
  }
  return found;
}
"""

# What a screen reader would call each control; those without a name.
_NAMELESS = """
() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, table, nav, img, video")]
  .filter((element) => element.checkVisibility() && element.type !== "hidden")
  .filter((element) => {
    if (element.tagName === "IMG") return element.getAttribute("alt") === null;
    if (element.tagName === "TABLE") return !element.caption && !element.getAttribute("aria-label");
    if (element.tagName === "VIDEO") return false;
    const labelled = element.getAttribute("aria-label") || element.getAttribute("aria-labelledby");
    return !(labelled || element.labels?.length || (element.tagName !== "INPUT" && element.textContent.trim()));
  })
  .map((element) => element.outerHTML.slice(0, 120))
"""

# Hints in empty fields that are wider than their field, which cuts them off.
_CUT_HINTS = """
() => [...document.querySelectorAll("input[placeholder]")]
  .filter((input) => input.checkVisibility())
  .flatMap((input) => {
    const style = getComputedStyle(input);
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const wide = canvas.measureText(input.placeholder).width;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return wide > room ? [`${input.placeholder} (${wide.toFixed(0)} of ${room.toFixed(0)} pixels)`] : [];
  })
"""


@contextmanager
def without_complaints(page: Page, *expected: str) -> Iterator[None]:
    """Fail if the page writes an error or warning that holds none of the `expected` words, throws, or breaks its
    security policy."""
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
    page.add_init_script(_NOTE_VIOLATIONS)
    yield
    complaints += page.evaluate("window.violations ?? []")
    unexpected = [text for text in complaints if not any(word in text for word in expected)]
    assert not unexpected, unexpected


def choose_colours(page: Page, theme: str) -> None:
    """As the menu behind the user's name does it: for this page and those to come."""
    script = f"localStorage.setItem('pynvr.theme', '{theme}'); dispatchEvent(new StorageEvent('storage'));"
    page.add_init_script(f"if (location.protocol.startsWith('http')) {{ {script} }}")
    if page.url.startswith("http"):
        page.evaluate(f"() => {{ {script} }}")


def poor_contrasts(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_CONTRASTS)
    return found


def nameless_controls(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_NAMELESS)
    return found


def cut_hints(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_CUT_HINTS)
    return found


def width_beyond_the_screen(page: Page) -> int:
    """Pixels that would have to be scrolled sideways."""
    beyond: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return beyond


def save_picture(page: Page, path: Path, **options: Any) -> None:
    """A screenshot without what differs each time: the blinking cursor, running animations."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled", caret="hide", **options)
