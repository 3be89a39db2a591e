"""What is told about TeX that could not be shown as meant.

Responsible for the findings on formulas and unknown commands. Not responsible for noticing them.
"""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.foundations.codes import Code
from broadsheet.foundations.diagnostics import Finding, Severity


def fallback_finding(source: str, tex: str, reason: str) -> Finding:
    """Return the warning on a formula that is shown as its source.

    Args:
        source: Path of the record's file.
        tex: The formula.
        reason: Why it could not be converted.
    """
    shown = tex if len(tex) <= 60 else tex[:57] + "…"
    return Finding(
        code=Code.MATH_NOT_CONVERTED,
        severity=Severity.WARNING,
        message=f"the formula '{shown}' is shown as its source: {reason}",
        source=source,
        quote=tex,
        hint="mend it, or declare its command under 'macros' in site.yaml",
    )


def macro_findings(source: str, bad: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """Return the warnings on macros that stand for no TeX.

    Args:
        source: Path of the site's settings.
        bad: From `mathml.find_bad_macros`.
    """
    return tuple(
        Finding(
            code=Code.MATH_NOT_CONVERTED,
            severity=Severity.WARNING,
            message=f"the macro '{name}' is left out: {reason}",
            source=source,
            field=("macros", name),
            hint="write what it stands for with commands that are known",
        )
        for name, reason in bad
    )


def unknown_command_findings(seen: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Finding, ...]:
    r"""Return one warning for each unknown TeX command of a whole digest.

    Args:
        seen: For each record in order: its path, and the commands it uses that are unknown.
    """
    sources: dict[str, list[str]] = {}
    for source, commands in seen:
        for command in commands:
            sources.setdefault(command, []).append(source)
    return tuple(
        Finding(
            code=Code.TEX_UNKNOWN_COMMAND,
            severity=Severity.WARNING,
            message=f"the TeX command '\\{command}' is unknown; its words are shown"
            + (f" (in {len(paths)} records)" if len(paths) > 1 else ""),
            source=paths[0],
            quote=f"\\{command}",
            hint="write what it stands for",
        )
        for command, paths in sources.items()
    )
