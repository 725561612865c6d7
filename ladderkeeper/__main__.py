"""Makes ``python -m ladderkeeper`` the same as the ``ladderkeeper`` command."""

from ladderkeeper.cli import main

if __name__ == "__main__":
    main()
