"""A person at a browser without JavaScript: reads pages, follows links, fills forms, presses buttons.

It sends what a browser would send: every control of the form as the page shows it, changed where
the person typed. It knows no Python object of the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from lxml import html

Answers = Mapping[str, Any]


@dataclass
class Page:
    """One answer of the server, as a person sees it."""

    status: int
    address: str
    tree: html.HtmlElement

    @property
    def text(self) -> str:
        """All visible words, white space made single."""
        main = self.tree.find(".//main")
        return " ".join((self.tree if main is None else main).text_content().split())

    def link(self, words: str) -> str:
        """The address of the first link with these words; AssertionError when there is none."""
        for anchor in self.tree.iter("a"):
            if words in " ".join(anchor.text_content().split()):
                return str(anchor.get("href"))
        raise AssertionError(f"no link “{words}” on {self.address}: {self.text[:2000]}")

    def has_link(self, words: str) -> bool:
        """True when a link has these words."""
        return any(words in a.text_content() for a in self.tree.iter("a"))

    def form(self, control: str) -> html.FormElement:
        """The form that has a control of that name (or beginning so, with "[")."""
        for form in self.tree.forms:
            names = [one.get("name") or "" for one in form.iter("input", "select", "textarea")]
            if any(name == control or name.startswith(f"{control}[") for name in names):
                return form
        raise AssertionError(f"no form asks “{control}” on {self.address}: {self.text[:2000]}")


class Visitor:
    """One signed-in person."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, address: str) -> Page:
        """The page at that address, redirects followed."""
        answer = self._client.get(address, follow_redirects=True)
        return _page(answer, address)

    def press(self, page: Page, form: html.FormElement, answers: Answers) -> Page:
        """The page after the form was sent with these answers over what it showed."""
        sent = _controls(form)
        for name, value in flat(answers):
            sent[name] = value
        address = str(form.get("action") or page.address)
        answer = self._client.post(
            address, data=sent, follow_redirects=True, headers={"Origin": "http://localhost"}
        )
        return _page(answer, address)

    def sign_in(self, login: str, password: str) -> Page:
        """The page after signing in."""
        page = self.get("/sign-in")
        return self.press(page, page.form("login"), {"login": login, "password": password})

    def fill(self, address: str, answers: Answers) -> Page:
        """The page after the form at that address, which asks the first answer, was sent."""
        page = self.get(address)
        return self.press(page, page.form(next(iter(answers))), answers)


def _page(answer: Any, address: str) -> Page:
    final = answer.request.path if answer.request else address
    return Page(answer.status_code, final, html.fromstring(answer.get_data(as_text=True)))


def _controls(form: html.FormElement) -> dict[str, Any]:
    """What a browser would send untouched, buttons left out."""
    sent: dict[str, Any] = {}
    for control in form.iter("input", "select", "textarea"):
        name, kind = control.get("name"), (control.get("type") or "").lower()
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                sent.setdefault(name, []).append(control.get("value") or "on")
        elif control.tag == "select":
            chosen = [
                o.get("value") for o in control.iter("option") if o.get("selected") is not None
            ]
            sent[name] = chosen or [""]
        else:
            sent[name] = (
                (control.text or "") if control.tag == "textarea" else control.get("value", "")
            )
    return sent


def flat(answers: Answers, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """HTML names for nested answers: goods[0].article."""
    for key, value in answers.items():
        name = prefix + key
        if isinstance(value, bool):
            yield name, ["true"] if value else []
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                yield from flat(row, f"{name}[{number}].")
        else:
            yield name, value


def numbers_in(text: str) -> set[str]:
    """Every amount with two decimals in the text."""
    return set(re.findall(r"\d[\d ]*\.\d\d", text.replace(",", "")))
