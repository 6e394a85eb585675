"""Settings, read from the environment once and frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. Every field can be set by an environment variable JIUJI_<NAME>."""

    database_url: str  # SQLAlchemy URL; SQLite file under instance/ by default
    instance_dir: Path  # keys and the embedded database
    models_dir: Path  # the folder that holds processes/, dmn/ and forms/
    secret_file: Path  # 32 random bytes; made on first start, readable by its owner only
    secure_cookies: bool  # True behind HTTPS


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process."""
    env = os.environ if env is None else env
    instance = Path(env.get("JIUJI_INSTANCE_DIR", ROOT / "instance"))
    return Settings(
        database_url=env.get("JIUJI_DATABASE_URL", f"sqlite:///{instance / 'jiuji.db'}"),
        instance_dir=instance,
        models_dir=Path(env.get("JIUJI_MODELS_DIR", ROOT)),
        secret_file=Path(env.get("JIUJI_SECRET_FILE", instance / "secret.key")),
        secure_cookies=env.get("JIUJI_SECURE_COOKIES", "0") == "1",
    )
