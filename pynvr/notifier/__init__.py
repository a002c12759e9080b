"""The notifier process: tells people and other programs of alerts and of trouble, by the ways that `notify` names.

In: alerts and detections out of the database, the standing of cameras, disks and processes out of run/status.json.
Out: messages to webhooks, an MQTT broker, and whatever Apprise can send to. Nothing of PyNVR waits for it.
"""
