"""Every module of ours can be imported where Linux is not: on an organizer's Windows desk."""

from __future__ import annotations

import json
import subprocess
import sys

IMPORT_TWICE = """
import builtins, importlib, json, os, pkgutil, signal, sys, types

OURS = ("intake", "parsers", "config", "storage")
NOT_ON_WINDOWS = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "posix", "readline", "crypt")
OPTIONAL = ("rapidocr", "psycopg", "pymap", "aiosmtpd", "reportlab", "playwright", "openpyxl", "cryptography", "psutil")
OF_OS = ("fork", "getuid", "geteuid", "getgid", "setsid", "killpg", "getpgid", "sched_getaffinity", "wait4", "O_NOFOLLOW",
         "O_DIRECTORY", "O_CLOEXEC", "fchmod", "chown", "statvfs", "uname", "mkfifo", "WNOHANG", "pread")
OF_SIGNAL = ("SIGKILL", "SIGHUP", "SIGXCPU", "SIGALRM", "SIGPIPE", "setitimer", "alarm", "pthread_sigmask")

names = [each.name for top in OURS for each in pkgutil.walk_packages(importlib.import_module(top).__path__, top + ".")]
names = [name for name in names if ".versions." not in name and not name.endswith(("__main__", "migrations.env"))]
for name in names:  # what the libraries need stays loaded; ours is loaded again below
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
    del sys.modules[name]

plain_import = builtins.__import__
def strict_import(name, globals=None, *rest, **more):
    asked_by = (globals or {}).get("__name__", "").partition(".")[0]
    if asked_by in OURS and name.partition(".")[0] in NOT_ON_WINDOWS + OPTIONAL:
        raise ModuleNotFoundError(f"No module named {name!r}")
    return plain_import(name, globals, *rest, **more)
builtins.__import__ = strict_import
for module, attributes in ((os, OF_OS), (signal, OF_SIGNAL)):
    for attribute in attributes:
        if hasattr(module, attribute):
            delattr(module, attribute)
sys.platform = "win32"
sys.modules["msvcrt"] = types.ModuleType("msvcrt")  # Windows has it

failed = {}
for name in [*names, "intake.__main__"]:
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {error}"
print(json.dumps({"imported": len(names), "failed": failed}))
"""


def test_no_module_needs_linux_or_an_optional_library_to_be_imported() -> None:
    ran = subprocess.run([sys.executable, "-c", IMPORT_TWICE], capture_output=True, check=True, text=True)

    told = json.loads(ran.stdout)
    assert told["failed"] == {}
    assert told["imported"] > 400
