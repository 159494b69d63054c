# One image for every service, job and person: what it does is said by the arguments.
#   make image                      with podman or docker, whichever is there
#   docker run kingmaker:0.1.0 --version
# It runs as a user without rights, from a root that nobody can write: give it /tmp and its home.
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS build
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.8
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/kingmaker \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /src
COPY pyproject.toml uv.lock ./
ARG EXTRAS="--extra kafka --extra postgres --extra s3 --extra telemetry --extra analytics --extra history"
RUN uv sync --quiet --frozen --no-dev --no-install-project ${EXTRAS} --python /usr/local/bin/python3.12
COPY README.md LICENSE ./
COPY libs libs
COPY services services
RUN uv sync --quiet --frozen --no-dev --no-editable ${EXTRAS} --python /usr/local/bin/python3.12

FROM ${PYTHON}
RUN useradd --uid 65532 --user-group --no-create-home --home-dir /var/lib/kingmaker kingmaker \
    && install --directory --owner=kingmaker --group=kingmaker \
       /etc/kingmaker /var/lib/kingmaker /srv/artifacts
COPY --from=build /opt/kingmaker /opt/kingmaker
ENV PATH=/opt/kingmaker/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    USER=kingmaker \
    KINGMAKER__HOME=/var/lib/kingmaker
# A kingmaker.yaml that is mounted here is read without being named.
WORKDIR /etc/kingmaker
USER 65532:65532
ENTRYPOINT ["kingmaker"]
CMD ["--help"]
