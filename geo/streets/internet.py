"""Whether a service on the internet answers, known within seconds.

A machine without internet may refuse at once, swallow packets, or never resolve a name; no single
timeout covers all three. So the question is put in a thread, and the clock is ours.
"""

import threading
import time
from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from geo.errors import DownloadError
from geo.language import say


def require_reachable(services: Iterable[str], *, within_s: float) -> None:
    """Refuse unless every service answers something within the time, in seconds.

    services
        Addresses whose `/status` is asked for; any answer will do. Proxies are taken from the
        environment.

    Errors: DownloadError naming the host that did not answer.
    """
    questions = [_Question(service, within_s) for service in services]
    for question in questions:
        question.start()
    until = time.monotonic() + within_s
    for question in questions:
        question.join(max(0.0, until - time.monotonic()))
        if not question.answered:
            raise DownloadError(
                say(
                    "无法连接 {host}：下载道路需要互联网；内网请用文件"
                    "（在能上网的电脑下载 .osm.pbf 后拷入）。",
                    host=urlsplit(question.service).netloc or question.service,
                )
            )


class _Question(threading.Thread):
    """One request, given up with the thread: a name lookup cannot be timed out."""

    def __init__(self, service: str, timeout_s: float) -> None:
        super().__init__(daemon=True, name=f"reach {service}")
        self.service = service
        self.timeout_s = timeout_s
        self.answered = False

    def run(self) -> None:
        self.answered = _answers(self.service, self.timeout_s)


def _answers(service: str, timeout_s: float) -> bool:
    if urlsplit(service).scheme not in ("http", "https"):
        return False
    request = Request(  # noqa: S310 - the scheme was looked at
        f"{service.rstrip('/')}/status", headers={"User-Agent": "CareCircle"}
    )
    try:
        with urlopen(request, timeout=timeout_s):  # noqa: S310
            return True
    except HTTPError as error:
        error.close()
        return True
    except (OSError, HTTPException, ValueError):
        return False
