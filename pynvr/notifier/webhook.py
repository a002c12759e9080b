"""A URL that takes messages as JSON, by POST."""

import json

from pynvr.model.notify import Webhook
from pynvr.notifier.message import Message, Sender, document_of
from pynvr.posting.body import Whole
from pynvr.posting.post import KEY_HEADER, Address, Limits, post, tls_context

LIMITS = Limits(connect_s=10.0, stall_s=30.0, answer_s=30.0, whole_s=30.0)


class WebhookChannel:
    """A connection for each message. What `sender` says goes into each document."""

    def __init__(self, webhook: Webhook, sender: Sender) -> None:
        self._address = Address(webhook.url, webhook.headers, webhook.token, webhook.ca)
        self._sender = sender
        if webhook.ca is not None:
            tls_context(webhook.ca)  # a mistake there is the configuration's

    def send(self, message: Message, picture: bytes | None) -> None:
        document = json.dumps(document_of(message, self._sender, picture), ensure_ascii=False)
        body = Whole(document.encode("utf-8", "replace"), "application/json")
        post(self._address, body, {KEY_HEADER: message.key}, LIMITS)

    def close(self) -> None:
        """Nothing is kept."""
