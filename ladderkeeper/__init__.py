"""What plugin authors import, and the command line. Thin: the work is done in ``core``."""

from importlib.metadata import PackageNotFoundError, version

__all__ = ["__version__"]

try:
    __version__ = version("ladderkeeper")
except PackageNotFoundError:  # run straight from a source folder, without having been installed
    __version__ = "0+unknown"
