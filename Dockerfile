# Rasad in a container: docker build -t rasad . && docker run --env-file .env -v rasad:/data rasad
FROM python:3.13-slim AS build
WORKDIR /app
# Without the docstrings of libraries, which take six megabytes.
ENV PYTHONOPTIMIZE=2
RUN pip install --no-cache-dir uv && uv venv .venv
COPY requirements.txt ./
RUN uv pip install --no-cache --compile-bytecode --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY monitors monitors
RUN uv pip install --no-cache --compile-bytecode --no-deps .

FROM python:3.13-slim
RUN useradd --system --create-home --uid 1000 rasad && install -d -o rasad /data
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONOPTIMIZE=2 \
    DATA_DIR=/data \
    DATABASE_URL=sqlite+aiosqlite:////data/rasad.db
USER rasad
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["rasad", "health"]
CMD ["rasad", "run"]
