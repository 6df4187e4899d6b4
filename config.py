"""Every setting of eduprog with its default.

A value here is overridden by a file named by EDUPROG_CONFIG (else a ``config.py`` in the working folder), and that by an
environment variable ``EDUPROG_<NAME>``. Settings are read once, at start; a bad value stops the start with a sentence that
names the setting, where it came from and what it must be. Secrets do not belong here: ``eduprog init`` writes them to
``KEY_FILE``.
"""

# ---- where things lie --------------------------------------------------------------------------------------------------
DATA_DIR = "var"  # database, keys, caches and locks; relative to the working folder
DATABASE_URL = ""  # empty: SQLite at DATA_DIR/eduprog.db; or postgresql://user@host/name
KEY_FILE = ""  # empty: DATA_DIR/keys.json, readable by its owner only
LESSONS_DIR = ""  # empty: the lessons that came with eduprog

# ---- serving -----------------------------------------------------------------------------------------------------------
HOST = "127.0.0.1"
PORT = 8000
BASE_URL = ""  # how people reach us, as in links in mail; empty: http://HOST:PORT
BEHIND_PROXY = False  # True: one proxy of ours stands in front and says who asks, and nobody reaches us round it
THREADS = 8  # web threads of `eduprog serve`

# ---- signing in --------------------------------------------------------------------------------------------------------
STAFF_IDLE_MINUTES = 30
ADMIN_IDLE_MINUTES = 15
SESSION_HOURS = 12  # at most, however busy
SECOND_FACTOR = ""  # who must also type a code: off | leads (heads of PSHE, DSLs, admins) | everybody; empty: leads over https
SIGN_IN_TRIES = 10  # wrong tries an account may have in a quarter of an hour before it must wait

# ---- mail --------------------------------------------------------------------------------------------------------------
MAIL_TRANSPORT = "smtp"  # smtp | folder (writes .eml files to DATA_DIR/mail)
MAIL_FROM = "eduprog <eduprog@localhost>"
SMTP_HOST = "127.0.0.1"
SMTP_PORT = 1025
SMTP_SECURITY = "none"  # none (loopback only) | starttls | tls
SMTP_USER = ""
SMTP_PASSWORD = ""
SMTP_PATIENCE_SECONDS = 600  # how long we wait for the server's word after the final dot (RFC 5321: ten minutes)
# Connections to the mail server at once: large hosts let an account have three (Exchange Online). Where each answer takes 50 ms
# and nothing is pipelined, three send 900 messages a minute.
DISPATCH_THREADS = 3
PROMPT_HOLD_MINUTES = 10  # a parent prompt waits this long, so that a mistake can be undone

# ---- the clock ---------------------------------------------------------------------------------------------------------
SCHEDULER = True  # `eduprog serve` also runs the jobs; False where another process does
TICK_SECONDS = 15  # how often the embedded clock looks for what is due
WORKER_STALLED_SECONDS = 30  # a worker that answers nobody for so long loses its jobs; one that was killed loses them at once

# ---- how long things are kept (docs/data-protection/retention.md; a job deletes what is older, unless a hold stands) ---------
KEEP_TEACHING_YEARS = 6  # what was planned, taught and followed up, after the end of its academic year
KEEP_FAMILIES_MONTHS = 24  # the proof of consent, after a parent or carer left; their address goes when they leave
KEEP_MESSAGES_MONTHS = 12  # the note of a message that was sent or never will be; its text is never kept
KEEP_AUDIT_YEARS = 6  # who did what
KEEP_STAFF_MONTHS = 12  # name and address of somebody who works at no school any more

# ---- the demo ----------------------------------------------------------------------------------------------------------
DEMO = False  # set by `eduprog demo`: one-button sign-in on loopback, mail catcher, moved clock
METRICS_TOKEN = ""  # what a monitor sends to read /metrics; empty: only this machine may read it
LOG_LEVEL = "INFO"
