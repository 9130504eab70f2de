"""`python -m service.cli` is `wence`."""

import sys

from service.cli import main

sys.exit(main())
