"""What a build depends on, as hashes.

Responsible for the hash over everything and for the one over the theme. Not responsible for what is
remembered of a build with such a hash (`last_build`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from broadsheet.effects.program import identify_program
from broadsheet.effects.surveying import Survey
from broadsheet.foundations.hashing import hash_value

if TYPE_CHECKING:
    from broadsheet.assembly.build_values import BuildOptions
    from broadsheet.effects.theme_files import ThemeFiles


def hash_inputs(options: BuildOptions, output: Path, survey: Survey, theme: ThemeFiles) -> str:
    """Return a hash over everything that a build depends on.

    Args:
        options: What the run changes.
        output: The output folder.
        survey: The files of the digest.
        theme: The theme.
    """
    choices = msgspec.structs.replace(options, executor="", output=None)
    files = (survey.records, survey.static, tuple(survey.digests.items()), survey.diagnostics)
    return hash_value((identify_program(), os.fsencode(output), choices, files, hash_theme(theme)))


def hash_theme(theme: ThemeFiles) -> str:
    """Return a hash over a theme; the names of assets stand for what is in them."""
    return hash_value((theme.theme, theme.addresses(), theme.diagnostics))
