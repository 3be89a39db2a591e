"""Hosts of static sites: what each refuses, what it ignores, and what its kit consists of.

Everything here was looked up on the day of `LOOKED_UP`, in the hosts' own documentation and in the
repositories of the actions; look it up again before changing a number. Not responsible for the text
of a kit (`broadsheet/kits/`) or for comparing a site with the limits (`host_limits`).
"""

from __future__ import annotations

import msgspec

LOOKED_UP = "2026-11-25"

# Actions, images and versions that the kits name: the newest major release of each.
VERSIONS = {
    "checkout": "actions/checkout@v7",
    "setup_python": "actions/setup-python@v7",
    "cache": "actions/cache@v6",
    "upload_artifact": "actions/upload-artifact@v7",
    "upload_pages": "actions/upload-pages-artifact@v5",
    "deploy_pages": "actions/deploy-pages@v5",
    "wrangler": "cloudflare/wrangler-action@v4",
    # Python 3.13 is one of the versions that Broadsheet is tested with.
    "python": "3.13",
    "python_image": "python:3.13-slim",
}

KILOBYTE = 1_024
MEGABYTE = 1_024 * KILOBYTE
GIGABYTE = 1_024 * MEGABYTE


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A host; a limit of 0 means that none is known.

    Attributes:
        title: Its name for people.
        kit: The kit's files: path in `broadsheet/kits/` and path in the digest.
        files: Files a site may have.
        counts_folders: Whether folders count as files.
        folder_files: Files that may lie in one folder.
        file_bytes: Size of one file.
        site_bytes: Size of all files together.
        header_rules: Rules in `_headers`.
        header_line: Characters in a line of `_headers`.
        redirects: Rules in `_redirects`.
        redirect_line: Characters in a line of `_redirects`.
        redirect_bytes: Size of `_redirects`.
        refused_signs: Signs that no file name may have.
        losses: What the host does not do, for people.
    """

    title: str
    kit: dict[str, str]
    files: int = 0
    counts_folders: bool = False
    folder_files: int = 0
    file_bytes: int = 0
    site_bytes: int = 0
    header_rules: int = 0
    header_line: int = 0
    redirects: int = 0
    redirect_line: int = 0
    redirect_bytes: int = 0
    refused_signs: str = ""
    losses: tuple[str, ...] = ()


_NO_HEADERS = (
    "it sends no headers of ours: there is no Content-Security-Policy, and assets with a hashed "
    "name are not kept for a year"
)

HOSTS = {
    # GitHub's page on the limits of Pages
    "github-pages": Host(
        title="GitHub Pages",
        kit={"github-pages.yml": ".github/workflows/deploy.yml"},
        site_bytes=GIGABYTE,
        losses=(_NO_HEADERS, "it reads no _redirects: old addresses are pages that lead on"),
    ),
    # GitLab's page on the settings of GitLab.com, and its merge requests 362 and 555 on redirects
    "gitlab-pages": Host(
        title="GitLab Pages",
        kit={"gitlab-pages.yml": ".gitlab-ci.yml"},
        files=200_000,
        counts_folders=True,
        site_bytes=GIGABYTE,
        redirects=1_000,
        redirect_bytes=64 * KILOBYTE,
        losses=(_NO_HEADERS,),
    ),
    # Netlify's pages on deploys, on build gotchas and on redirects; issue 7340 of its CLI for names
    "netlify": Host(
        title="Netlify",
        kit={
            "netlify.toml": "netlify.toml",
            "netlify-cache/manifest.yml": "netlify/cache/manifest.yml",
            "netlify-cache/index.mjs": "netlify/cache/index.mjs",
            "netlify-cache/package.json": "netlify/cache/package.json",
            "netlify-daily.yml": ".github/workflows/daily.yml",
        },
        folder_files=54_000,
        file_bytes=10_000_000,
        redirects=10_000,
        refused_signs="#?",
    ),
    # Cloudflare's pages on limits and on redirects; the number of files is that of the free plan
    "cloudflare-pages": Host(
        title="Cloudflare Pages",
        kit={"cloudflare-pages.yml": ".github/workflows/deploy.yml"},
        files=20_000,
        file_bytes=25 * MEGABYTE,
        header_rules=100,
        header_line=2_000,
        redirects=2_000,
        redirect_line=1_000,
        redirect_bytes=100_000,
    ),
}
