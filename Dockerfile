FROM python:3.13-slim

COPY . /src
RUN pip install --no-cache-dir '/src[onvif]' \
    && rm -rf /src \
    && useradd --system --uid 970 --home-dir /var/lib/pynvr --create-home pynvr \
    && chmod 750 /var/lib/pynvr

# The configuration and the archive live outside the image:
#   docker run -v /etc/nvr.json:/etc/nvr.json:ro -v /srv/video:/var/lib/pynvr --stop-timeout 15 pynvr
USER pynvr
VOLUME /var/lib/pynvr
STOPSIGNAL SIGTERM
# A camera in trouble (exit code 1) is no reason to start the container anew, which would stop all others.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD pynvr --config /etc/nvr.json status; test $? -le 1
ENTRYPOINT ["pynvr", "--config", "/etc/nvr.json"]
CMD ["foreground"]
