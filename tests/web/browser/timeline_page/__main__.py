"""`python -m tests.web.browser.timeline_page [PORT]`: the axis alone, for looking at."""

import sys

from tests.web.browser.timeline_page.serve import server

with server([], int(sys.argv[1]) if len(sys.argv) > 1 else 8907) as running:
    print(f"http://127.0.0.1:{running.server_port}/?cameras=4&theme=dark")
    running.serve_forever()
