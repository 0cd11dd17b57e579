# Two stages: what builds is not in what runs. Build: docker build -t plainrad .
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY service service
COPY glossary glossary
COPY models models
COPY templates templates
RUN python -m venv /opt/plainrad \
 && /opt/plainrad/bin/pip install -c constraints.txt ".[postgres,pdf]"

FROM python:3.11-slim-bookworm
# Pango and a font: what a PDF needs.
RUN apt-get update \
 && apt-get install --no-install-recommends -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/plainrad --create-home --shell /usr/sbin/nologin plainrad
COPY --from=build /opt/plainrad /opt/plainrad
ENV PATH=/opt/plainrad/bin:$PATH PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PLAINRAD_HOST=0.0.0.0 PLAINRAD_TRUST_LOOPBACK=false
USER plainrad
WORKDIR /var/lib/plainrad
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["plainrad", "serve"]
