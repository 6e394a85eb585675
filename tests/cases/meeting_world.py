"""A major case and its mechanism for tests: plan, members, notice, votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.cases import meetings as verbs
from app.cases.meetings import MeetingRef
from app.store import meetings, people
from app.store.meetings import MeetingRow
from app.store.session import SYSTEM
from tests.world import ACCEPT, REGION, World

PLAN: dict[str, Any] = {
    "situation": "两人烧伤，一家四口，住院押金和后续植皮没有着落",
    "persons": 4,
    "schemes_used": [
        {"scheme": "medical_aid", "used_amount": "46000.00", "used_result": "已按规定报销"}
    ],
    "measures": [
        {
            "department": "civil",
            "what": "临时救助",
            "measure_amount": "30000.00",
            "finish_by": "2026-04-30",
            "money_from": "county_relief",
        },
        {
            "department": "medical",
            "what": "植皮费用医疗救助",
            "finish_by": "2026-05-31",
            "money_from": "medical_fund",
        },
        {
            "department": "charity",
            "what": "慈善帮扶，在政府救助之后",
            "measure_amount": "20000.00",
            "finish_by": "2026-05-31",
            "money_from": "donation",
        },
        {
            "department": "social_work",
            "what": "心理疏导",
            "finish_by": "2026-06-30",
            "money_from": "no_money",
        },
    ],
    "relief_amount": "30000.00",
    "relief_reasons": "植皮两次，自负部分超出家庭能力",
    "like_cases": [],
    "like_conclusion": "近两年没有相似个案",
    "risks": "资金专户支付，防止挪用",
    "undisputed": "no",
}
SLIP_BANK = {
    "method": "bank",
    "cash_amount": "30000.00",
    "goods": [],
    "payer_1": "县办钱",
    "payer_2": "财政吴",
    "bank_name": "演示银行",
    "bank_account": "621700000000000000",
}


class Mechanism:
    """The county's coordination mechanism at work in a test world."""

    def __init__(self, world: World, size: int = 9) -> None:
        self.world = world
        self.members = [f"成员{number:02d}" for number in range(1, size + 1)]
        posts = {name: "meeting_member" for name in self.members}
        posts |= {
            "会办韩": "meeting_office",
            "组长朱": "meeting_head",
            "召集秦": "meeting_convener",
        }
        with world.office.database.begin(SYSTEM) as unit:
            for number, (name, role) in enumerate(posts.items()):
                row = people.add_user(unit, f"m{number}", name, "x")
                people.grant(unit, row.id, role, REGION)
                world.people[name] = people.actor_of(unit, row)
            row = people.add_user(unit, "city", "市审周", "x")
            people.grant(unit, row.id, "city_approver", "370800")
            world.people["市审周"] = people.actor_of(unit, row)

    def convened(self, **changes: Any) -> UUID:
        """A case whose plan is drafted; its first meeting is convened."""
        case_id = self.world.report()
        self.world.do("经办李", case_id, "accept", {**ACCEPT, "major_hardship": "yes"})
        self.world.do("县办钱", case_id, "draft_plan", {**PLAN, **changes})
        return case_id

    def rows(self, case_id: UUID) -> list[MeetingRow]:
        """The case's meetings."""
        with self.world.office.database.read() as unit:
            return meetings.of_case(unit, REGION, case_id)

    def ref(self, case_id: UUID) -> MeetingRef:
        """The newest meeting."""
        return MeetingRef(REGION, self.rows(case_id)[-1].id)

    def notify(self, case_id: UUID) -> MeetingRef:
        """Everybody was told of the newest meeting."""
        ref = self.ref(case_id)
        later = self.world.clock.now() + timedelta(minutes=1)
        verbs.notify(
            self.world.office, self.world.people["会办韩"], ref, held_at=later, place="三楼会议室"
        )
        self.world.clock.advance(timedelta(minutes=2))
        return ref

    def declare(self, ref: MeetingRef, names: Sequence[str], *, related: bool = False) -> None:
        """These have declared."""
        for name in names:
            verbs.declare(
                self.world.office,
                self.world.people[name],
                ref,
                related=related,
                reason="是外甥" if related else "",
            )

    def vote(self, ref: MeetingRef, choices: Mapping[str, str]) -> None:
        """These have declared no ties and voted."""
        self.declare(ref, list(choices))
        for name, choice in choices.items():
            verbs.cast_ballot(self.world.office, self.world.people[name], ref, choice=choice)

    def votes(self, ref: MeetingRef, yes: int = 0, no: int = 0, abstain: int = 0) -> None:
        """The first members vote: so many for, against, neither."""
        wanted = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
        free = [name for name in self.members if name not in self._recused(ref)]
        self.vote(ref, dict(zip(free, wanted, strict=False)))

    def _recused(self, ref: MeetingRef) -> set[str]:
        with self.world.office.database.read() as unit:
            row = meetings.get(unit, ref.region, ref.id)
            return {one.user_name for one in meetings.members(unit, row) if one.recused_at}

    def close(self, ref: MeetingRef, **options: Any) -> str:
        """The meeting is closed; answers the outcome."""
        done = verbs.close(self.world.office, self.world.people["会办韩"], ref, **options)
        return str(done["outcome"])
