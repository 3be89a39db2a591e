"""Where the files of a digest lie, relative to its root.

Responsible for these names only, so that what looks at files need not know how they are read. Not
responsible for what the files mean (`reading`).
"""

from __future__ import annotations

SITE_FILE = "content/site.yaml"
PEOPLE_FILE = "content/people.yaml"
REMOVED_FILE = "content/removed.yaml"
LEDGER_FILE = "content/permalinks.txt"
# Files that stand alone.
SINGLE_FILES = (SITE_FILE, PEOPLE_FILE, REMOVED_FILE, LEDGER_FILE)
STATIC_FOLDER = "content/static"
# Folders of records below `content/`, in the order in which they are read.
FOLDERS = ("papers", "topics", "digests", "pages")
