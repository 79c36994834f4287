"""Django's cache interface on one table of PostgreSQL, read and written only while Valkey is away."""

from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisSerializer
from django.db import connection

from cep_portal.common.models import SpareEntry

EXPIRED_AT_ONCE = 100
_serializer = RedisSerializer()

_SET = """
INSERT INTO common_spareentry (key, value, number, expires_at) VALUES (%s, %s, %s, to_timestamp(%s))
ON CONFLICT (key) DO UPDATE
SET value = EXCLUDED.value, number = EXCLUDED.number, expires_at = EXCLUDED.expires_at
"""
_GET = """
SELECT value, number FROM common_spareentry
WHERE key = %s AND (expires_at IS NULL OR expires_at > to_timestamp(%s))
"""
_COUNT = """
UPDATE common_spareentry SET number = number + %s
WHERE key = %s AND number IS NOT NULL AND (expires_at IS NULL OR expires_at > to_timestamp(%s))
RETURNING number
"""
_TOUCH = """
UPDATE common_spareentry SET expires_at = to_timestamp(%s)
WHERE key = %s AND (expires_at IS NULL OR expires_at > to_timestamp(%s))
RETURNING 1
"""
_FORGET = """
DELETE FROM common_spareentry WHERE key IN (
    SELECT key FROM common_spareentry WHERE expires_at < to_timestamp(%s) LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


class SpareCache(BaseCache):
    """Whole numbers are kept as such, so that two requests at once count two."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = self._row(_GET, [self.make_and_validate_key(key, version=version), _now()])
        if row is None:
            return default
        return row[1] if row[0] is None else _serializer.loads(bytes(row[0]))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(_SET, key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """True when nothing was kept under this key."""
        sql = f"{_SET} WHERE common_spareentry.expires_at <= to_timestamp(%s)"
        return self._write(sql, key, value, timeout, version, _now()) == 1

    def _write(self, sql: str, key: str, value: Any, timeout: Any, version: int | None, *more: float) -> int:
        name = self.make_and_validate_key(key, version=version)
        is_number = type(value) is int
        ends = self.get_backend_timeout(timeout)
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [_now(), EXPIRED_AT_ONCE])
            kept = None if is_number else _serializer.dumps(value)
            cursor.execute(sql, [name, kept, value if is_number else None, ends, *more])
            return cursor.rowcount

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raise ValueError when nothing is counted under this key."""
        row = self._row(_COUNT, [delta, self.make_and_validate_key(key, version=version), _now()])
        if row is None:
            raise ValueError(f"Key {key!r} not found")
        return row[0]

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return self._row(_TOUCH, [self.get_backend_timeout(timeout), name, _now()]) is not None

    def delete(self, key: str, version: int | None = None) -> bool:
        deleted, _ = SpareEntry.objects.filter(key=self.make_and_validate_key(key, version=version)).delete()
        return deleted == 1

    def clear(self) -> None:
        SpareEntry.objects.all().delete()

    def _row(self, sql: str, values: list[Any]) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()


def _now() -> float:
    return datetime.now(UTC).timestamp()
