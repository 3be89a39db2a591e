"""The address that a host says a site will have, from the variables of its builds.

Responsible for knowing the hosts' variables. Not responsible for reading the environment or for
which address a build takes (`assembly.commands.common`).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

# The default branches that Cloudflare's builds, which name no production branch, are compared with.
_PRODUCTION_BRANCHES = ("main", "master")


class HostAddress(msgspec.Struct, frozen=True):
    """Where a host will serve what is being built.

    Attributes:
        url: Complete address of the root.
        is_preview: Whether it is a preview's, which no setting may replace.
    """

    url: str
    is_preview: bool


def find_host_address(variables: Mapping[str, str]) -> HostAddress | None:
    """Return the address that a host gives by the variables of its builds, or None.

    Args:
        variables: The environment.
    """
    for reader in (_netlify, _cloudflare, _gitlab, _github):
        address = reader(variables)
        if address is not None and address.url:
            return address
    return None


def _netlify(variables: Mapping[str, str]) -> HostAddress | None:
    if variables.get("NETLIFY") != "true":
        return None
    if variables.get("CONTEXT") == "production":
        return HostAddress(variables.get("URL", ""), is_preview=False)
    return HostAddress(variables.get("DEPLOY_PRIME_URL", ""), is_preview=True)


def _cloudflare(variables: Mapping[str, str]) -> HostAddress | None:
    if variables.get("CF_PAGES") != "1":
        return None
    is_production = variables.get("CF_PAGES_BRANCH", "") in _PRODUCTION_BRANCHES
    return HostAddress(variables.get("CF_PAGES_URL", ""), is_preview=not is_production)


def _gitlab(variables: Mapping[str, str]) -> HostAddress | None:
    if variables.get("GITLAB_CI") != "true":
        return None
    return HostAddress(variables.get("CI_PAGES_URL", ""), is_preview=False)


def _github(variables: Mapping[str, str]) -> HostAddress | None:
    owner, _, name = variables.get("GITHUB_REPOSITORY", "").partition("/")
    if variables.get("GITHUB_ACTIONS") != "true" or not name:
        return None
    root = f"https://{owner.lower()}.github.io/"
    is_root = name.lower() == f"{owner.lower()}.github.io"
    return HostAddress(root if is_root else f"{root}{name}/", is_preview=False)
