"""What the tests of sending share: no pauses, and each digest is checked once."""

from __future__ import annotations

import pytest

from broadsheet.assembly.build_values import BuildOptions, CheckedSite
from broadsheet.assembly.commands import mail
from broadsheet.assembly.pipeline import check_site
from broadsheet.assembly.project import Project
from broadsheet.effects import mail_sending


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sending, "PAUSES", (0.0, 0.05))
    for name in ("USER", "PASSWORD"):
        monkeypatch.delenv(f"BROADSHEET_SMTP_{name}", raising=False)


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check each digest once: these tests send it several times and never change its records."""
    known: dict[bytes, CheckedSite] = {}

    def check_once(project: Project, options: BuildOptions) -> CheckedSite:
        settings = (project.root / "content" / "site.yaml").read_bytes()
        if settings not in known:
            known[settings] = check_site(project, options)
        return known[settings]

    monkeypatch.setattr(mail, "check_site", check_once)
