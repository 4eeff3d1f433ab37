"""Lets torchvision be imported where its C operators do not fit the installed torch; nothing here needs them."""

import sys
import types

try:
    import torchvision  # noqa: F401
except (RuntimeError, OSError):
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
