"""Hands of policy staff in the two designers, shared by the tests that drive them."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from app.studio import drafts
from app.studio.people import person
from tests.browser.conftest import Desk

EDITOR = "zhengce.wu"
LOCALITY = "jining"
PROCESS = "processes/jining/expenditure.bpmn"
TABLE = "dmn/jining/deadline.dmn"
PATIENCE_MS = 30_000  # checks of a whole package on a busy machine

# Our own names for things that have no Chinese name.
OWN_WORDS = frozenset({"FEEL", "BPMN", "DMN", "UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT"})
OWN_WORDS_IN_CODE = frozenset({"RULE", "ORDER", "OUTPUT"})

# Every visible text, title, placeholder and label that holds a Latin word not in `known`.
LATIN = """(known) => {
  const found = new Set();
  const look = (text, where) => {
    const words = text.match(/[A-Za-z][A-Za-z'\u2019-]+/g) || [];
    if (words.some((word) => !known.includes(word))) found.add(`${where}: ${text.trim().slice(0, 90)}`);
  };
  const seen = (node) => {
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    return style.visibility !== 'hidden' && style.display !== 'none' && box.width > 0 && box.height > 0;
  };
  const theirs = 'svg, .cm-content, [contenteditable], textarea, script, style';
  const names = ['title', 'placeholder', 'aria-label', 'alt', 'data-placeholder'];
  for (const node of document.body.querySelectorAll('*')) {
    if (node.closest('.bjs-powered-by, .powered-by') || !seen(node)) continue;
    for (const name of names) look(node.getAttribute(name) || '', name);
    if (node.closest(theirs)) continue;
    for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) look(child.data, 'text');
  }
  return [...found];
}"""


def new_draft(desk: Desk, title: str = "试改一稿", login: str = EDITOR) -> UUID:
    """A draft of the locality, opened by the editor."""
    editor = person(desk.site.database, login)
    return drafts.open_draft(desk.site.database, editor, LOCALITY, title, key=title)


def stored(desk: Desk, draft: UUID, path: str) -> str:
    """The text of a file as the draft has it."""
    editor = person(desk.site.database, EDITOR)
    return drafts.read_file(desk.site.database, editor, draft, path).content.decode("utf-8")


def open_designer(page: Page, desk: Desk, draft: UUID, path: str, query: str = "") -> None:
    """The designer of the file is open, checked and ready for hands."""
    kind = "process" if path.endswith(".bpmn") else "table"
    page.goto(f"{desk.url}/studio/drafts/{draft}/{kind}/{path}{query}")
    ready(page)


def ready(page: Page) -> None:
    """The editor is on the page and the first findings have come."""
    page.locator("[data-ready=true]").wait_for()
    page.locator("[data-findings][data-checked=true]").wait_for(
        state="attached", timeout=PATIENCE_MS
    )


def wait_saved(page: Page) -> None:
    """What was changed is on the server."""
    expect(page.locator("[data-save-state]")).to_have_attribute(
        "data-state", "saved", timeout=PATIENCE_MS
    )


def save_now(page: Page) -> None:
    """Saved without waiting for the pause."""
    page.locator("[data-tool=save]").click()
    wait_saved(page)


def own_words(*texts: str) -> list[str]:
    """The Latin words that stand in models themselves: ids, codes, names of inputs."""
    known = {*OWN_WORDS, *OWN_WORDS_IN_CODE}
    for text in texts:
        for element in ElementTree.fromstring(text).iter():
            for value in (*element.attrib.values(), element.text or ""):
                known |= set(re.findall(r"[A-Za-z][A-Za-z'’-]+", value))
    return sorted(known)


def latin(page: Page, known: list[str]) -> list[str]:
    """The strings on the page that policy staff could not read."""
    found: Any = page.evaluate(LATIN, known)
    return list(found)


def select(page: Page, element: str) -> None:
    """The element of the diagram is selected and in the middle of the canvas."""
    page.evaluate(
        """(id) => {
          const modeler = window.jiujiDesigner.modeler;
          const shape = modeler.get('elementRegistry').get(id);
          const canvas = modeler.get('canvas');
          const box = canvas.viewbox();
          const { x, y } = shape.waypoints ? shape.waypoints[0] : shape;
          canvas.viewbox({ ...box, x: x - box.width / 2, y: y - box.height / 2 });
          modeler.get('selection').select(shape);
        }""",
        element,
    )


def middle_of(page: Page, element: str) -> tuple[float, float]:
    """Where on the screen the middle of a flow is, after it was brought into view."""
    select(page, element)
    found: Any = page.evaluate(
        """(id) => {
          const modeler = window.jiujiDesigner.modeler;
          const canvas = modeler.get('canvas');
          const [a, b] = modeler.get('elementRegistry').get(id).waypoints;
          const box = canvas.viewbox();
          const frame = canvas.getContainer().getBoundingClientRect();
          return [
            frame.left + ((a.x + b.x) / 2 - box.x) * box.scale,
            frame.top + ((a.y + b.y) / 2 - box.y) * box.scale,
          ];
        }""",
        element,
    )
    return float(found[0]), float(found[1])


def drag(page: Page, source: str, to: tuple[float, float]) -> None:
    """The palette entry is dragged to a place of the canvas."""
    box = page.locator(source).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(to[0] - 60, to[1] - 60, steps=6)
    page.mouse.move(*to, steps=6)
    page.mouse.up()


def pick(page: Page, name: str, value: str) -> None:
    """A choice of the properties panel."""
    page.locator(f"select#bio-properties-panel-jiuji-{name}").select_option(value)
