"""The catalogue of roles a diagram may name; which people hold them is data.

A role's level says which organ's work it sees by default. Source: REQUIREMENTS §4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far a role's sight reaches."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    NONE = "none"  # sees no case by virtue of the role


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its code in models and tables, its name on screens."""

    code: str
    label: str
    level: Level
    does_cases: bool = True  # may hold work items
    reads_all: bool = False  # may read every case within the level
    reads_money: bool = False  # may read the fund books within the level
    reads_households: bool = False  # may read the register of households within the level
    supervises: bool = False  # may read complaints, audit issues, inspections within the level


_CATALOGUE = (
    Role("village_worker", "村（居）协理员", Level.VILLAGE, reads_households=True),
    Role("hotline_operator", "热线接线员", Level.COUNTY),
    Role("window_clerk", "窗口受理员", Level.TOWNSHIP),
    Role("township_handler", "乡镇（街道）经办人", Level.TOWNSHIP, True, True, True),
    Role("township_approver", "乡镇（街道）审批人", Level.TOWNSHIP, True, True, True),
    Role("county_handler", "县级民政经办人", Level.COUNTY, True, True, True),
    Role("county_approver", "县级民政审批人", Level.COUNTY, True, True, True, supervises=True),
    Role("county_finance", "县级财政", Level.COUNTY, True, False, True),
    Role("city_approver", "市级民政审批人", Level.CITY, True, True, True, supervises=True),
    Role("meeting_office", "协调机制办公室", Level.COUNTY, True, True),
    Role("meeting_member", "协调机制成员", Level.COUNTY),
    Role("meeting_head", "领导小组组长", Level.COUNTY, True, True),
    Role("meeting_convener", "联席会议召集人", Level.COUNTY, True, True),
    Role("charity_worker", "慈善组织（社工）", Level.COUNTY),
    Role("policy_editor", "政策管理员", Level.NONE, False),
    Role("publisher", "发布审批人", Level.NONE, False),
    Role("auditor", "审计（纪检）", Level.COUNTY, False, True, True, supervises=True),
    Role("administrator", "系统管理员", Level.NONE, False),
    Role("applicant", "申请人", Level.NONE, False),
)

ROLES: dict[str, Role] = {role.code: role for role in _CATALOGUE}


def role(code: str) -> Role:
    """The role of that code; raises KeyError when a model or table names another."""
    return ROLES[code]
