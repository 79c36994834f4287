"""First on the PYTHONPATH of a process that a test starts: its clock is the test's, running.

Python imports `sitecustomize` before anything else; the portal neither holds nor names this file.
"""

import os
import time

import time_machine

if ahead := os.environ.get("PORTAL_TEST_AHEAD"):
    clock = time_machine.travel(time.time() + float(ahead), tick=True).start()
    # To start takes milliseconds, more on a busy machine: a worker that lags finds no message due yet.
    clock.shift(time_machine.escape_hatch.time.time() + float(ahead) - time.time())
