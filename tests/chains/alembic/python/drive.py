"""Runs Alembic's command line once for each line of input, and says `done` with the exit code after it.

Starting Python takes longer than most commands.
"""

import shlex
import sys

from alembic.config import main

for line in sys.stdin:
    try:
        main(shlex.split(line))
        code = 0
    except SystemExit as exit:
        code = exit.code
    print("done", code, flush=True)
