# Two stages: the first builds the pages and installs; the second runs, and has neither Node nor a compiler nor pip.

FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

WORKDIR /source

# The dependencies first: they change seldom, so this layer is mostly taken from the cache. Wheels only, with the
# hashes of the lock file; nothing is compiled.
COPY requirements.lock ./
RUN python -m venv /opt/wicketgate \
    && /opt/wicketgate/bin/pip install --require-hashes --only-binary=:all: --requirement requirements.lock

# Building the wheel builds the pages. Node comes from a package too, and stays in this stage.
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY tools tools
COPY ui ui
COPY src src
RUN pip wheel --no-deps --wheel-dir /wheels .

# EXTRAS=aws adds botocore, for credentials that need it: on EKS, or by way of SSO.
ARG EXTRAS=""
RUN /opt/wicketgate/bin/pip install --no-deps /wheels/*.whl \
    && if [ -n "$EXTRAS" ]; then \
         /opt/wicketgate/bin/pip install --only-binary=:all: "$(echo /wheels/*.whl)[$EXTRAS]"; \
       fi \
    && /opt/wicketgate/bin/pip check \
    && /opt/wicketgate/bin/pip uninstall --yes pip \
    && mkdir /data


FROM python:3.13-slim

# By number, so that Kubernetes can see that it is not root. Nobody by this number can log in.
ARG USER_ID=10001

COPY --from=build /opt/wicketgate /opt/wicketgate
COPY --from=build --chown=${USER_ID}:${USER_ID} /data /data

# Python writes nothing beside the code, so the root file system can be read-only.
ENV PATH=/opt/wicketgate/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SQLITE_PATH=/data/wicketgate.db

USER ${USER_ID}:${USER_ID}
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import http.client, sys; asked = http.client.HTTPConnection('127.0.0.1', 8000, timeout=2); asked.request('GET', '/healthz'); sys.exit(asked.getresponse().status != 200)"]

ENTRYPOINT ["wicketgate"]
CMD ["serve", "--host", "0.0.0.0"]
