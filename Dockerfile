# syntax=docker/dockerfile:1
# careerbot alone in an image: a static binary, the roots of trust it needs to reach platforms, and a place for its state.
#
#   docker build --build-arg VERSION=1.2.3 -t careerbot .
#   docker run --read-only -v careerbot-state:/state -p 127.0.0.1:8080:8080 -e HTTP_KEY careerbot
#
# Nothing is written outside /state, and nothing there either once DATABASE_URL names PostgreSQL.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
# By name, so that what else lies in the tree is not even sent to the builder.
COPY adapters adapters
COPY bot bot
COPY cmd cmd
COPY index index
COPY knowledge knowledge
ARG TARGETOS TARGETARCH VERSION=devel
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/go/cache \
    GOCACHE=/go/cache CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /out/careerbot ./cmd/careerbot \
    && mkdir -p /out/state /out/etc/careerbot

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/careerbot /careerbot
# Owned by the user below: a volume that is mounted here for the first time takes over the owner.
COPY --from=build --chown=65532:65532 --chmod=0700 /out/state /state
# A careerbot.yaml mounted here is read.
COPY --from=build /out/etc/careerbot /etc/careerbot
WORKDIR /etc/careerbot
USER 65532:65532
# SQLITE_TMPDIR and TMPDIR: there is no /tmp. In a container every address must be listened on to be reached from outside of it.
ENV DATABASE_URL=sqlite:/state/careerbot.db \
    LISTEN_ADDR=:8080 \
    LOG_FORMAT=json \
    SQLITE_TMPDIR=/state \
    TMPDIR=/state
VOLUME /state
EXPOSE 8080
# Whether it lives. That it is ready ("health --ready") is for who sends it traffic: a restart mends no lost database.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["/careerbot", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/careerbot"]
CMD ["serve"]
