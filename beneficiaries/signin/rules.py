SESSION_KEY = "sign_in"  # the code that this browser asked for, and the page wanted after
