"""Passwords and tokens, from the environment or a file that nobody else can read.

Responsible for where they may come from. Not responsible for what they are used for; they are
never printed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

SMTP_USER = "BROADSHEET_SMTP_USER"
SMTP_PASSWORD = "BROADSHEET_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
API_USER = "BROADSHEET_NEWSLETTER_USER"
API_TOKEN = "BROADSHEET_NEWSLETTER_TOKEN"  # noqa: S105 - the name of a variable
NAMES = (SMTP_USER, SMTP_PASSWORD, API_USER, API_TOKEN)


class CredentialsError(Exception):
    """A file of credentials cannot be used."""


class Credentials(msgspec.Struct, frozen=True):
    """What the mail server and the provider ask for; each may be empty.

    Attributes:
        smtp_user: Name at the mail server.
        smtp_password: Password at the mail server.
        api_user: Name at the provider's interface.
        api_token: Token at the provider's interface.
    """

    smtp_user: str = ""
    smtp_password: str = ""
    api_user: str = ""
    api_token: str = ""

    def __repr__(self) -> str:
        """Say nothing of what it holds, wherever it is printed."""
        return "Credentials(…)"


def read_credentials(path: Path | None, environment: Mapping[str, str]) -> Credentials:
    """Read credentials.

    Args:
        path: A file of lines `NAME=value`, or None for the environment alone.
        environment: Variables; a line of the file goes before the variable of its name.

    Raises:
        CredentialsError: Others can read the file, or a line is not of that form.
    """
    values = {name: environment.get(name, "") for name in NAMES}
    if path is not None:
        values |= _read_file(path)
    return Credentials(*(values[name] for name in NAMES))


def _read_file(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as handle:
        mode = os.fstat(handle.fileno()).st_mode
        if os.name == "posix" and mode & 0o077:
            message = f"{path}: others can read this file; run: chmod 600 {path}"
            raise CredentialsError(message)
        lines = handle.read().splitlines()
    values = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or name.strip() not in NAMES:
            message = f"{path}:{number}: write {', '.join(NAMES)}, each with =value"
            raise CredentialsError(message)
        values[name.strip()] = value.strip()
    return values
