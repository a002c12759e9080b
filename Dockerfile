FROM python:3.13-slim

COPY . /src
RUN pip install --no-cache-dir '/src[onvif,notify]' \
    && rm -rf /src \
    && useradd --system --uid 970 --home-dir /var/lib/pynvr --create-home pynvr \
    && chmod 750 /var/lib/pynvr

# The configuration and the archive live outside the image:
#   docker run -v /etc/nvr.json:/etc/nvr.json:ro -v /srv/video:/var/lib/pynvr -p 8080:8080 --stop-timeout 15 pynvr
# User 970 must be able to read the one and to write the other: chown 970 /etc/nvr.json /srv/video. The site must listen on
# all of the container's addresses: "server": {"host": "0.0.0.0"}. Mounted so, nvr.json is changed outside, not in the site.
USER pynvr
VOLUME /var/lib/pynvr
EXPOSE 8080
STOPSIGNAL SIGTERM
# A camera in trouble (exit code 1) is no reason to start the container anew, which would stop all others.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD pynvr --config /etc/nvr.json status; test $? -le 1
ENTRYPOINT ["pynvr", "--config", "/etc/nvr.json"]
CMD ["foreground"]
