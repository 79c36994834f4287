"""First on the PYTHONPATH of a process that a test starts: its clock is the test's, running.

Python imports `sitecustomize` before anything else; the portal neither holds nor names this file.
"""

import os
import time

import time_machine

if ahead := os.environ.get("PORTAL_TEST_AHEAD"):
    time_machine.travel(time.time() + float(ahead), tick=True).start()
