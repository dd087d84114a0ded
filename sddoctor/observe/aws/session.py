"""One boto3 session and a client for each service, made in the order in which the first answers are needed."""

from __future__ import annotations

import threading
from typing import Any

from msgspec import Struct

from sddoctor.observe.aws import roles
from sddoctor.observe.budget import Budget

#: Creating clients is not thread-safe and costs local CPU, so one thread makes them, the critical path first.
ORDER = ("servicediscovery", "sts", "ecs", "route53", "ec2", "route53resolver", "route53profiles")


class Many(Struct, frozen=True):
    """What changes when one process looks at many accounts: the role to take on, and the models that all clients share.

    ``loader`` is botocore's loader of service models: parsing them is most of what making a client costs.
    """

    role: str | None
    loader: Any


class Clients:
    """The clients of one observation, made in the order ``wanted``. ``get`` waits until the client is made."""

    def __init__(
        self,
        region: str | None,
        profile: str | None,
        budget: Budget,
        wanted: tuple[str, ...] = ORDER,
        many: Many | None = None,
    ) -> None:
        self._wanted = wanted
        self._profile = profile
        self._many = many
        self._budget = budget
        self.region = region
        self._made: dict[str, Any] = {}
        self._errors: dict[str, Exception] = {}
        self._events = {name: threading.Event() for name in wanted}
        self._thread = threading.Thread(target=self._make_all, name="aws-clients", daemon=True)
        self._ready = threading.Event()

    def start(self) -> None:
        """Begin to make clients, once. Raises nothing: what goes wrong is raised by :meth:`get`."""
        if self._thread.ident is None:
            self._thread.start()

    def get(self, service: str) -> Any:
        """Return the client of a service. Raises what making it raised."""
        if not self._events[service].wait(self._budget.remaining() + 0.1):
            raise TimeoutError(service)
        if service in self._errors:
            raise self._errors[service]
        return self._made[service]

    def wait_for(self, service: str) -> None:
        """Wait until the client of a service is made, or cannot be made, no longer than the budget."""
        self._events[service].wait(self._budget.remaining())

    def wait_for_region(self) -> str | None:
        """Return the region that is used, once the session knows it."""
        self._ready.wait(self._budget.remaining())
        return self.region

    def _make_all(self) -> None:
        try:
            import boto3
            from botocore.exceptions import NoCredentialsError

            session = boto3.Session(profile_name=self._profile, region_name=self.region)
            if self._many is not None:
                roles.prepare(session, self._many.role, self._many.loader)
            self.region = session.region_name
            self._ready.set()
            config = self._config(session)
            # Asked once: otherwise every client would ask the metadata service again, a second for each.
            if session.get_credentials() is None:
                raise NoCredentialsError
        except Exception as error:  # handed to every caller of get()
            self._errors = dict.fromkeys(self._wanted, error)
            self._ready.set()
            for event in self._events.values():
                event.set()
            return
        for name in self._wanted:
            try:
                self._made[name] = session.client(name, config=config)
            except Exception as error:  # handed to the caller of get()
                self._errors[name] = error
            self._events[name].set()

    def _config(self, session: Any) -> Any:
        from botocore.config import Config

        # An endpoint that swallows packets is tried three times, and must not take the whole budget with it.
        seconds = max(1.0, self._budget.seconds)
        return Config(
            connect_timeout=min(5.0, max(1.0, seconds / 5)),
            read_timeout=min(10.0, seconds),
            # With a pace of our own a throttle must be seen at once, so botocore retries nothing.
            retries={"mode": "standard", "total_max_attempts": 3 if self._many is None else 1},
            max_pool_connections=16,
            inject_host_prefix=not _has_own_endpoint(session),
        )


def _has_own_endpoint(session: Any) -> bool:
    """Tell whether an endpoint is configured: its host must then not get the ``data-`` prefix of DiscoverInstances.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    from botocore.configprovider import ConfiguredEndpointProvider

    core = session._session  # boto3 has no public way to the configuration
    if core.get_config_variable("ignore_configured_endpoint_urls"):
        return False
    provider = ConfiguredEndpointProvider(
        full_config=core.full_config, scoped_config=core.get_scoped_config(), client_name="servicediscovery"
    )
    return bool(provider.provide())
