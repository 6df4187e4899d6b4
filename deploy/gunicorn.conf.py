"""gunicorn for eduprog on PostgreSQL: pages only. The jobs and the mail are those of `eduprog worker`.

gunicorn -c deploy/gunicorn.conf.py "eduprog:create_app()"
"""

import multiprocessing
import os

bind = os.environ.get("EDUPROG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("EDUPROG_WEB_PROCESSES", multiprocessing.cpu_count()))
threads = int(os.environ.get("EDUPROG_THREADS", "8"))
worker_class = "gthread"
timeout = 60  # a page takes well under a second; a PDF a few
graceful_timeout = 9  # requests in hand are answered before a deploy goes on
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_fields = 60
accesslog = None  # addresses of people are not kept; eduprog's own log names requests by number
errorlog = "-"
preload_app = False  # each process opens its own connections to the database
forwarded_allow_ips = ""  # eduprog reads who asks itself, and only with BEHIND_PROXY = True
control_socket_disable = True  # systemd or the container runtime is in charge
