"""Django's PostgreSQL backend for a web process: a server that is away is found out in a second, once."""

from typing import Any

from django.db.backends.postgresql import base

from cep_portal.database.watch import Watch

_watch = Watch()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection, seen by the watch of the process from its opening to its end."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raise OperationalError at once while the server is known to be away."""
        _watch.require_server(conn_params)
        connection = super().get_new_connection(conn_params)
        _watch.follow(connection)
        return connection

    def _close(self) -> None:
        if self.connection is not None:
            _watch.leave(self.connection)
        super()._close()
