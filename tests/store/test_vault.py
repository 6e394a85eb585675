"""Aims at sealed data: open only in their own row, with their own key; equal people, equal index."""

from __future__ import annotations

import os
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.kernel.errors import Parked
from app.store.vault import Vault, load_or_make_secret, normalise_id_number

ROW = UUID(int=1)
PLACE: dict[str, Any] = {"region": "370881", "table": "cases", "row_id": ROW}


def test_sealed_json_opens_in_its_row(vault: Vault) -> None:
    value = {"name": "张三", "cost": Decimal("45000.00")}
    sealed = vault.seal_json(value, **PLACE)
    assert "张三".encode() not in sealed
    assert vault.unseal_json(sealed, **PLACE) == value


@pytest.mark.parametrize(
    "elsewhere", [{"region": "370882"}, {"table": "slips"}, {"row_id": UUID(int=2)}]
)
def test_moved_value_is_refused(vault: Vault, elsewhere: dict[str, Any]) -> None:
    sealed = vault.seal(b"secret", **PLACE)
    with pytest.raises(Parked, match="无法打开") as caught:
        vault.unseal(sealed, **(PLACE | elsewhere))
    assert caught.value.code == "seal_broken"
    assert not caught.value.retryable


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_changed_value_is_refused(vault: Vault, position: int) -> None:
    sealed = bytearray(vault.seal(b"secret", **PLACE))
    sealed[position] ^= 1
    with pytest.raises(Parked):
        vault.unseal(bytes(sealed), **PLACE)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01short"])
def test_cut_value_is_refused(vault: Vault, sealed: bytes) -> None:
    with pytest.raises(Parked):
        vault.unseal(sealed, **PLACE)


def test_equal_values_look_different(vault: Vault) -> None:
    assert vault.seal(b"same", **PLACE) != vault.seal(b"same", **PLACE)


def test_new_key_opens_what_the_old_one_sealed_and_finds_the_same_people() -> None:
    old, new = os.urandom(32), os.urandom(32)
    before = Vault(old)
    after = Vault(new, version=2, retired={1: old})
    sealed = before.seal(b"secret", **PLACE)
    assert after.unseal(sealed, **PLACE) == b"secret"
    assert after.seal(b"x", **PLACE)[0] == 2
    assert after.blind_index("370881199001010013") == before.blind_index("370881199001010013")
    assert after.audit_key == before.audit_key
    with pytest.raises(Parked):
        Vault(new, version=2).unseal(sealed, **PLACE)


@pytest.mark.parametrize(
    "written",
    ["11010519491231002x", " 110105194912310 02X ", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_one_person_has_one_index(vault: Vault, written: str) -> None:
    assert vault.blind_index(written) == vault.blind_index("11010519491231002X")


def test_old_number_of_15_digits_is_the_same_person() -> None:
    assert normalise_id_number("110105491231002") == "11010519491231002X"


def test_index_needs_the_key(vault: Vault) -> None:
    other = Vault(b"\x01" * 32)
    assert vault.blind_index("370881199001010013") != other.blind_index("370881199001010013")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33])
def test_key_of_another_length_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(key)


def test_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "secret.key"
    secret = load_or_make_secret(path)
    assert load_or_make_secret(path) == secret
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_open_or_cut_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(b"x" * 32)
    path.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        load_or_make_secret(path)
    path.chmod(0o600)
    path.write_bytes(b"x" * 31)
    with pytest.raises(ValueError, match="32 bytes"):
        load_or_make_secret(path)
