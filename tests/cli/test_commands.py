"""What an operator types and reads: exit codes, Chinese sentences, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.cases.outbox import Message
from app.cli import parser
from app.cli.drop import Drop
from app.cli.publish import moment
from app.kernel.clock import SystemClock
from app.kernel.errors import Invalid
from app.store import audit, deployments
from app.store.audit import AuditRow
from app.store.base import REGION_NONE
from app.store.session import SYSTEM
from app.studio.installation import Installation
from app.studio.publish import in_force
from tests.cli.conftest import Jiuji
from tests.studio.drawing import DEADLINE, ESCALATION, FIELDS, NOTICE, PUBLICITY, decisions

NOTICE_FILE = "forms/here/notice.paper.toml"


def test_help_is_chinese_and_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    text = parser().format_help()
    for command in (
        "run",
        "worker",
        "check",
        "diff",
        "publish",
        "decide",
        "dmn",
        "verify-audit",
        "demo",
    ):
        assert f"    {command} " in text or f"    {command}\n" in text
    assert "usage" not in text


def test_wrong_use_says_how_it_is_used(jiuji: Jiuji, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        jiuji("publish")
    assert caught.value.code == 2
    assert "用法：" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv", [["verify-audit"], ["diff", "here"], ["worker", "--once"], ["demo"]]
)
def test_unprepared_installation_is_told_in_a_sentence(
    jiuji: Jiuji, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert jiuji(*argv) == 1
    told = capsys.readouterr()
    assert "请先运行 jiuji run" in told.err
    assert "Traceback" not in told.err + told.out


def test_run_prepares_an_empty_machine(
    jiuji: Jiuji, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert jiuji("run", "--prepare-only", "--no-demo") == 0
    assert "示范：已导入初始版本 " in capsys.readouterr().out
    assert (tmp_path / "instance/secret.key").stat().st_mode & 0o77 == 0
    assert jiuji("run", "--prepare-only") == 0
    assert "没有演示数据" in capsys.readouterr().out
    assert jiuji("verify-audit") == 0


def test_run_refuses_a_broken_package_with_its_findings(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models / "forms/here/slip.form").write_text("{")
    assert jiuji("run", "--prepare-only", "--no-demo") == 1
    assert "forms/here/slip.form" in capsys.readouterr().err


def test_check_of_everything_counts_what_it_did(
    jiuji: Jiuji, capsys: pytest.CaptureFixture[str]
) -> None:
    assert jiuji("check") == 0
    assert "1 个算例，1 个情景，走过连线 5/5（100%）；0 处错误" in capsys.readouterr().out
    assert jiuji("check", "here") == jiuji("check", "processes/here/") == 0


def test_check_fails_on_an_error_and_not_on_a_warning(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models / "processes/here/main.scenarios.yaml").unlink()
    assert jiuji("check") == 0
    assert "提醒" in capsys.readouterr().out
    (models / NOTICE_FILE).write_text(NOTICE.replace("amount", "applicant_name"))
    assert jiuji("check") == 1
    assert f"错误  papers     {NOTICE_FILE}:notice" in capsys.readouterr().out


def test_check_as_json_has_places(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models / NOTICE_FILE).write_text(NOTICE.replace("amount", "applicant_name"))
    assert jiuji("check", "--json") == 1
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["locality"], report["ok"], report["coverage"]) == (
        "here",
        False,
        {"main": {"walked": 5, "drawn": 5}},
    )
    assert [f["element"] for f in report["findings"] if f["check"] == "papers"] == ["notice"]


def test_check_of_one_file_inside_a_locality_knows_the_rest(
    jiuji: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = models / "processes/here/main.bpmn"
    assert jiuji("check", str(main)) == 0
    assert "没有问题" in capsys.readouterr().out
    main.write_bytes(main.read_bytes().replace(b'source="notice"', b'source="gone"'))
    assert jiuji("check", str(main)) == 1
    assert "“gone”不存在" in capsys.readouterr().out


def test_check_of_a_lone_file_takes_names_on_trust(
    jiuji: Jiuji, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lone = tmp_path / "lone.bpmn"
    lone.write_bytes((models / "processes/here/main.bpmn").read_bytes())
    assert jiuji("check", str(lone)) == 0
    for name, text in (
        ("a.dmn", "<x/>"),
        ("a.form", "[]"),
        ("a.paper.toml", "id = 3"),
        ("a.bpmn", "<!DOCTYPE x>"),
    ):
        (tmp_path / name).write_text(text)
        assert jiuji("check", str(tmp_path / name)) == 1
        assert "错误" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["nowhere", "gone.bpmn", "../here"])
def test_check_of_nothing_is_told(
    jiuji: Jiuji, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    expected = 0 if path == "../here" else 1  # a path of a locality's folder, from wherever
    assert jiuji("check", path) == expected


def test_diff_speaks_business_words(
    prepared: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepared("diff", "here") == 0
    assert capsys.readouterr().out == "与现行版本没有差别。\n"
    changed = DEADLINE.replace("24", "12")
    (models / "dmn/here/basic.dmn").write_bytes(decisions(changed, ESCALATION, FIELDS, PUBLICITY))
    assert prepared("diff", "here", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "dmn/here/basic.dmn",
            "element": "deadline_r1",
            "line": 'deadline：第 1 行（key "first"）：amount 24 → 12',
        }
    ]


def publish(jiuji: Jiuji, *more: str) -> int:
    return jiuji(
        "publish", "here", "--author", "wu", "--publisher", "zheng", "--label", "换了标题", *more
    )


def test_publish_puts_the_folder_in_force(
    installation: Installation, prepared: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models / NOTICE_FILE).write_text(NOTICE.replace('"公示"', '"公告"'))
    assert publish(prepared, "--document-no", "示范〔2026〕1号") == 0
    assert "已发布" in capsys.readouterr().out
    package = in_force(installation.database, "here")
    assert package is not None
    assert "公告".encode() in package.files[NOTICE_FILE]
    with installation.database.read() as unit:
        newest, first = deployments.history(unit, "here")
    assert (newest[0].document_no, newest[0].supersedes) == ("示范〔2026〕1号", first[1].id)


def test_publish_with_one_key_happens_once(
    installation: Installation, prepared: Jiuji, models: Path
) -> None:
    (models / NOTICE_FILE).write_text(NOTICE.replace('"公示"', '"公告"'))
    assert publish(prepared, "--key", "k") == publish(prepared, "--key", "k") == 0
    with installation.database.read() as unit:
        assert len(deployments.history(unit, "here")) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--publisher", "wu"], "编制人不能自己发布"),
        (["--author", "zheng", "--publisher", "wu"], "不是政策管理员"),
        (["--publisher", "nobody"], "没有登录名为"),
        (["--effective-from", "2020-01-01"], "不能早于现在"),
        (["--effective-from", "明天"], "不是时间"),
    ],
)
def test_publish_refuses_in_a_sentence(
    installation: Installation,
    prepared: Jiuji,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    words: str,
) -> None:
    assert publish(prepared, *more) == 1
    assert words in capsys.readouterr().err


def test_publish_of_a_broken_package_lists_what_is_wrong(
    installation: Installation, prepared: Jiuji, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (models / NOTICE_FILE).write_text(NOTICE.replace("amount", "applicant_name"))
    assert publish(prepared) == 1
    told = capsys.readouterr().err
    assert "处错误，不能发布" in told
    assert f"{NOTICE_FILE}:notice" in told


def test_written_moments_are_shanghai_time() -> None:
    midnight, offset = moment("2026-07-01"), moment("2026-07-01T00:00:00+00:00")
    assert midnight is not None
    assert offset is not None
    assert offset - midnight == timedelta(hours=8)
    assert moment(None) is None
    with pytest.raises(Invalid):
        moment("2026-13-01")


def test_verify_audit_finds_a_changed_record(
    installation: Installation, prepared: Jiuji, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepared("verify-audit") == 0
    assert "全部完好" in capsys.readouterr().out
    assert prepared("verify-audit", "--print-anchor") == 0
    anchor = tmp_path / "anchor.json"
    anchor.write_text(capsys.readouterr().out)
    assert prepared("verify-audit", "--anchor", str(anchor)) == 0
    lines = json.loads(anchor.read_text())
    lines[0][2] += 1
    anchor.write_text(json.dumps(lines))
    assert prepared("verify-audit", "--anchor", str(anchor)) == 1
    assert "末尾记录被截去" in capsys.readouterr().out
    anchor.write_text("{")
    assert prepared("verify-audit", "--anchor", str(anchor)) == 1


def test_verify_audit_fails_when_a_record_was_forged(
    installation: Installation, prepared: Jiuji, capsys: pytest.CaptureFixture[str]
) -> None:
    with installation.database.begin(SYSTEM) as unit:
        head = unit.session.get(audit.AuditHeadRow, (REGION_NONE, audit.REGION_CHAIN))
        assert head is not None
        (last,) = audit.page(unit, REGION_NONE)[:1]
        forged = {c.name: getattr(last, c.name) for c in AuditRow.__table__.columns}
        unit.session.add(AuditRow(**{**forged, "seq": head.seq + 1, "prev_hash": head.hash}))
        head.seq += 1
    assert prepared("verify-audit") == 1
    assert "内容被改动" in capsys.readouterr().out


def test_worker_does_one_round(prepared: Jiuji, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepared("worker", "--once") == 0
    assert capsys.readouterr().out == "处理到期事项 0 件，送出消息 0 条。\n"


def test_message_sent_twice_arrives_once(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "outbox")
    message = Message(
        "990001", "payment:V-1", "payment.order", {"amount": "1.00"}, SystemClock().now()
    )
    assert drop(message) == drop(message)
    (arrived,) = (tmp_path / "outbox").iterdir()
    assert json.loads(arrived.read_text())["payload"] == {"amount": "1.00"}
    assert drop(Message("990002", "payment:V-1", "payment.order", {}, SystemClock().now())) != drop(
        message
    )


def test_installed_command_ends_with_its_exit_code(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "jiuji"
    if not command.exists():
        pytest.skip("the console script is not installed")
    done = subprocess.run(
        [command, "check", "gone.dmn"], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "没有文件 gone.dmn。\n"
