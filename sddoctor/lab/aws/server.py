"""The stand-in as an HTTP server on the loopback address."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sddoctor.lab.aws.account import Account
from sddoctor.lab.aws.calls import CallLog
from sddoctor.lab.aws.dispatch import Dispatcher
from sddoctor.lab.aws.faults import ApiFaults
from sddoctor.lab.aws.models import HttpRequest
from sddoctor.lab.state import LabState
from sddoctor.lab.world import World

LARGEST_BODY = 1 << 20
#: An endpoint where nothing listens.
CLOSED = "http://127.0.0.1:1"


class AwsStandIn:
    """An AWS account that serves a world. ``with AwsStandIn(world) as aws: ... aws.url``."""

    def __init__(
        self,
        world: World,
        state: LabState | None = None,
        *,
        page_size: int | None = None,
        log_file: Path | None = None,
        port: int = 0,
    ) -> None:
        self.state = state or LabState(world)
        self.log = CallLog(log_file)
        account = Account(self.state, page_size or world.faults.page_size)
        self._refused = world.faults.refused
        self._dispatcher = Dispatcher(account, ApiFaults(world.faults), self.log)
        self._server = _Server(port, self._dispatcher)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The endpoint, for ``AWS_ENDPOINT_URL``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """Return the environment by which boto3 and the ``aws`` command use this account only.

        Without the last variable ``DiscoverInstances`` would go to a host ``data-127.0.0.1``.
        https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html
        """
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIALABLABLABLABLABL",
            "AWS_SECRET_ACCESS_KEY": "lab",
            "AWS_REGION": self.state.region,
            "AWS_DEFAULT_REGION": self.state.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        } | {_variable(service): CLOSED for service in self._refused}

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, and end the connections that are open."""
        self._dispatcher.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.end()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def _variable(service: str) -> str:
    """Return the variable with the endpoint of one service.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    spelt = {
        "route53": "ROUTE_53",
        "route53resolver": "ROUTE53RESOLVER",
        "route53profiles": "ROUTE53PROFILES",
        "elbv2": "ELASTIC_LOAD_BALANCING_V2",
    }
    return f"AWS_ENDPOINT_URL_{spelt.get(service, service.upper().replace('-', '_'))}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, dispatcher: Dispatcher) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.dispatcher = dispatcher
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors: clients may disconnect."""

    def end(self) -> None:
        self.server_close()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sddoctor-lab"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Do not log: there is a log of calls."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self.send_error(413)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = HttpRequest(self.command, self.path, headers, self.rfile.read(int(length)))
        reply = self.server.dispatcher.reply(request)
        if reply is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names are those of the base class
