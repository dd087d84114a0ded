"""One boto3 session and a client for each service, made in the order in which the first answers are needed."""

from __future__ import annotations

import threading
from typing import Any

from msgspec import Struct

from sddoctor.observe.aws import roles
from sddoctor.observe.budget import Budget
from sddoctor.observe.work import Work

#: Creating clients is not thread-safe and costs local CPU, so one thread makes them, the critical path first.
ORDER = ("servicediscovery", "sts", "ecs", "route53", "ec2", "route53resolver", "route53profiles")


class Shared(Struct, frozen=True):
    """For one of several accounts in one process: the role to assume, and the ``loader`` that all clients share.

    It is botocore's loader of service models: parsing them is most of what making a client costs.
    """

    role: str | None
    loader: Any


class Clients:
    """The clients of one observation, which begin to be made at once, in the order ``wanted``.

    What goes wrong with one is raised by :meth:`get`.
    """

    def __init__(
        self,
        region: str | None,
        profile: str | None,
        budget: Budget,
        wanted: tuple[str, ...] = ORDER,
        shared: Shared | None = None,
    ) -> None:
        self._wanted = wanted
        self._profile = profile
        self._shared = shared
        self._budget = budget
        self.region = region
        self._made: dict[str, Any] = {}
        self._errors: dict[str, Exception] = {}
        self._events = {name: threading.Event() for name in wanted}
        self._session_made = threading.Event()
        self._session: tuple[Any, Any] | None = None
        self._making = threading.Lock()
        Work(self._make_all, "aws-clients", budget)

    def get(self, service: str) -> Any:
        """Return the client of a service once it is made; one that is not among the wanted is made now. Raises what that raised."""
        if service not in self._wanted:
            return self._made_late(service)
        if not self._events[service].wait(self._budget.remaining() + 0.1):
            raise TimeoutError(service)
        if service in self._errors:
            raise self._errors[service]
        return self._made[service]

    def _made_late(self, service: str) -> Any:
        last = self._wanted[-1]
        if not self._events[last].wait(self._budget.remaining() + 0.1):
            raise TimeoutError(service)
        if self._session is None:
            raise self._errors[last]
        session, config = self._session
        with self._making:
            if service not in self._made:
                self._made[service] = session.client(service, config=config)
        return self._made[service]

    def wait_for(self, service: str) -> None:
        """Wait until the client of a service is made, or cannot be made, no longer than the budget."""
        self._events[service].wait(self._budget.remaining())

    def wait_for_region(self) -> str | None:
        """Return the region that is used, once the session knows it."""
        self._session_made.wait(self._budget.remaining())
        return self.region

    def _make_all(self) -> None:
        try:
            import boto3
            from botocore.exceptions import NoCredentialsError

            session = boto3.Session(profile_name=self._profile, region_name=self.region)
            if self._shared is not None:
                roles.prepare(session, self._shared.role, self._shared.loader)
            self.region = session.region_name
            self._session_made.set()
            config = self._config(session)
            # Looked up once: otherwise every client would query the metadata service again, a second for each.
            if session.get_credentials() is None:
                raise NoCredentialsError
        except Exception as error:  # raised again for every caller of get()
            self._errors = dict.fromkeys(self._wanted, error)
            self._session_made.set()
            for event in self._events.values():
                event.set()
            return
        self._session = session, config
        for name in self._wanted:
            try:
                with self._making:
                    self._made[name] = session.client(name, config=config)
            except Exception as error:  # raised again for the caller of get()
                self._errors[name] = error
            self._events[name].set()

    def _config(self, session: Any) -> Any:
        from botocore.config import Config

        # An endpoint that swallows packets is tried three times, and must not take the whole budget with it.
        seconds = max(1.0, self._budget.seconds)
        return Config(
            connect_timeout=min(5.0, max(1.0, seconds / 5)),
            read_timeout=min(10.0, seconds),
            # A scan paces its calls and must see a throttle at once, so botocore retries nothing there.
            retries={"mode": "standard", "total_max_attempts": 3 if self._shared is None else 1},
            max_pool_connections=16,
            inject_host_prefix=not _has_own_endpoint(session),
        )


def _has_own_endpoint(session: Any) -> bool:
    """Tell whether an endpoint is configured: its host must then not get DiscoverInstances' prefix ``data-``.

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
