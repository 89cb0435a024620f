"""The settings an office program is started with: no macros, no links followed, no network, no Java. Pure but for `write_profile`."""

from __future__ import annotations

from pathlib import Path

_COMMON = "/org.openoffice.Office.Common"
_SETTINGS: tuple[tuple[str, str, str], ...] = (
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (
        f"{_COMMON}/Security/Scripting",
        "MacroSecurityLevel",
        "3",
    ),  # very high: only from trusted places, of which there are none
    # Pictures and sections kept as a link would be fetched from the network, or from our own disk into the document.
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),  # never
    # Where no network namespace can be had: whatever asks for the network all the same asks a port nobody listens on.
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
    *(
        setting
        for scheme in ("HTTP", "HTTPS", "FTP")
        for setting in (
            ("/org.openoffice.Inet/Settings", f"ooInet{scheme}ProxyName", "127.0.0.1"),
            ("/org.openoffice.Inet/Settings", f"ooInet{scheme}ProxyPort", "9"),
        )
    ),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("/org.openoffice.Office.Recovery/AutoSave", "Enabled", "false"),
    (f"{_COMMON}/Misc", "FirstRun", "false"),
    (f"{_COMMON}/Misc", "UseLocking", "false"),
)
"""Node, property, value. Source: the schema installed with LibreOffice (share/registry/main.xcd), 7.4."""


def write_profile(folder: Path) -> None:
    """Make `folder`, which must not exist, a user profile with nothing in it but these settings."""
    user = folder / "user"
    user.mkdir(parents=True)
    items = "\n".join(
        f'<item oor:path="{node}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for node, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}\n</oor:items>\n',
        encoding="utf-8",
    )
