"""Further names of files.

Responsible for a name beside the one that a file has, and for a copy where the disk has no such
names. Not responsible for which files share one (`staging`, `placing_index`).
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

# What the system answers where a file cannot get a further name.
_CANNOT_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.EACCES})


def link_file(source: Path, target: Path) -> None:
    """Give a file a further name, or copy it with its time where that is not to be had.

    Args:
        source: A file that nobody will write to.
        target: The further name; it must not exist.

    Raises:
        OSError: The disk refused.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        shutil.copy2(source, target)
