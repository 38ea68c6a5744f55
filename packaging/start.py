"""Where the packaged program begins: the same door as `python -m launchpad`."""

import sys

from launchpad.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
