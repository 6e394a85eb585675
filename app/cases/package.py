"""A deployment, compiled once and shared read-only by every case that is pinned to it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from app.decision.result import Result
from app.form import Form, load_form
from app.form.ledgers import Ledger, load_ledger
from app.form.papers import Paper, load_paper
from app.kernel.clock import local
from app.kernel.errors import ModelError
from app.process import Engine, Library
from app.store import deployments
from app.store.session import Unit

MAX_CACHED = 32  # compiled deployments kept in one process


class Package:
    """The machines of one deployment."""

    def __init__(self, deployment_id: str, locality: str, files: Mapping[str, bytes]) -> None:
        self.id = deployment_id
        self.locality = locality
        self.files = files  # path -> bytes, immutable by its hash
        self.library = Library(files)
        self.engine = Engine(self.library)
        self._form_files: dict[str, str] = {}  # form id -> path
        self._forms = self._load_forms()
        self._papers = self._load_papers()
        self._ledgers = self._load_ledgers()

    def _load_forms(self) -> dict[str, Form]:
        forms = {}
        for path, raw in self.files.items():
            if path.endswith(".form"):
                form = load_form(raw, file=path)
                forms[form.id] = form
                self._form_files[form.id] = path
        return forms

    def _load_papers(self) -> dict[str, Paper]:
        papers = {}
        for path, raw in self.files.items():
            if path.endswith(".paper.toml"):
                paper = load_paper(raw, file=path)
                papers[paper.id] = paper
        return papers

    def _load_ledgers(self) -> dict[str, Ledger]:
        ledgers = {}
        for path, raw in self.files.items():
            if path.endswith(".ledger.toml"):
                ledger = load_ledger(raw, file=path)
                ledgers[ledger.id] = ledger
        return ledgers

    @property
    def form_ids(self) -> tuple[str, ...]:
        """Ids of the forms, in file order."""
        return tuple(self._forms)

    def form(self, form_id: str) -> Form:
        """The form of that id; raises ModelError."""
        try:
            return self._forms[form_id]
        except KeyError:
            raise ModelError(f"发布批次里没有表单“{form_id}”。", form_id=form_id) from None

    def form_sha256(self, form_id: str) -> str:
        """The hash of the form's file, for the record of what was shown."""
        form = self.form(form_id)
        return hashlib.sha256(self.files[self._form_files[form.id]]).hexdigest()

    def entries(self) -> dict[str, str]:
        """Process id -> form id of every process a person may start: its start event has a form."""
        found = {}
        for process_id in self.library.process_ids:
            start = self.library.definition(process_id).start()
            if start is not None and start.form_id:
                found[process_id] = start.form_id
        return found

    def paper(self, paper_id: str) -> Paper:
        """The letter or notice of that id; raises ModelError."""
        try:
            return self._papers[paper_id]
        except KeyError:
            raise ModelError(f"发布批次里没有文书“{paper_id}”。", paper_id=paper_id) from None

    def papers(self) -> tuple[Paper, ...]:
        """The letters, notices and records, in file order."""
        return tuple(self._papers.values())

    def ledgers(self) -> tuple[Ledger, ...]:
        """The ledgers, reports and exports, in file order."""
        return tuple(self._ledgers.values())

    def ledger(self, ledger_id: str) -> Ledger | None:
        """The ledger of that id, None when the locality has none."""
        return self._ledgers.get(ledger_id)

    def decide(self, decision_id: str, facts: Mapping[str, Any], now: datetime) -> Result:
        """The answer of a decision at that moment, in Shanghai time; raises ModelError."""
        model, _file = self.library.decision(decision_id)
        return model.evaluate(decision_id, facts, now=local(now))


class Packages:
    """The compiled deployments of this process, newest used kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Package] = OrderedDict()
        self._lock = Lock()

    def load(self, unit: Unit, deployment_id: str) -> Package:
        """The deployment, compiled; raises NotFound when it was never published."""
        with self._lock:
            if deployment_id in self._kept:
                self._kept.move_to_end(deployment_id)
                return self._kept[deployment_id]
        row = deployments.get(unit, deployment_id)
        package = Package(row.id, row.locality, deployments.files(unit, row.id))
        with self._lock:
            self._kept[deployment_id] = package
            while len(self._kept) > MAX_CACHED:
                self._kept.popitem(last=False)
        return package

    def current(self, unit: Unit, locality: str) -> Package:
        """What is in force now in the locality; raises ModelError when nothing is."""
        row = deployments.current(unit, locality, unit.now)
        if row is None:
            raise ModelError(f"“{locality}”尚未发布任何政策包，请先发布。", locality=locality)
        return self.load(unit, row.id)
