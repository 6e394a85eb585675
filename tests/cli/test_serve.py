"""`jiuji run` as a process of its own: it serves, and ends when told to."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Jiuji

PATIENCE_S = 60


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(prepared: Jiuji, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The process, answering."""
    command = [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main())"]
    process = subprocess.Popen(
        [*command, "run", "--port", str(port), "--no-demo"],
        env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def get(port: int, path: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_run_serves_until_it_is_told_to_end(
    server: subprocess.Popen[str], port: int, how: signal.Signals
) -> None:
    status, headers = get(port, "/")
    assert (status, headers["location"].split("?")[0]) == (302, "/sign-in")
    assert get(port, "/sign-in")[0] == 200
    assert "server" not in headers
    server.send_signal(how)
    told, _ = server.communicate(timeout=PATIENCE_S)
    assert server.returncode in (0, 130)
    assert f"服务已启动：http://127.0.0.1:{port}" in told
    assert "Traceback" not in told


def test_taken_port_is_told_in_a_sentence(
    prepared: Jiuji, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        assert prepared("run", "--no-demo", "--port", taken) == 1
    assert f"不能在 127.0.0.1:{taken} 上启动服务" in capsys.readouterr().err
