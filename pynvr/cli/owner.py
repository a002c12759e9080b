"""Root's commands on a service's recordings: what they write must stay the service's own."""

import os
import pwd
from pathlib import Path


def become_owner_of(folder: Path) -> None:
    """Go on as the user the folder belongs to, if root called and it is another's; for the rest of the process."""
    if os.geteuid() != 0 or not folder.is_dir():
        return
    found = folder.stat()
    if found.st_uid == 0:
        return
    try:
        os.initgroups(pwd.getpwuid(found.st_uid).pw_name, found.st_gid)
    except KeyError:  # a container's user has no name
        os.setgroups([])
    os.setgid(found.st_gid)
    os.setuid(found.st_uid)
