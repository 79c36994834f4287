from datetime import timedelta

ASKED_WITHIN = timedelta(days=7)  # later than that, nobody remembers: the survey is « à chaud »
BATCH = 500
