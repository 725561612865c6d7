"""A Discord that runs on this machine, over real HTTP and WebSocket, for any bot library.

``Sandbox`` is the server; ``SandboxClient`` steers a running one, and its ``Persona`` acts as a
person with a client would. ``python -m sandbox`` runs it alone.
"""

from sandbox.client import (
    Ambiguous,
    Exchange,
    InvalidInput,
    NoModal,
    NotEnabled,
    NotSeen,
    NotVisible,
    Persona,
    SandboxClient,
    SandboxError,
    Unknown,
    UnknownCommand,
)
from sandbox.faults import Fault, FaultError
from sandbox.observation import Observation
from sandbox.results import Bot, Channel, Guild, Message, Modal, Role
from sandbox.server import Sandbox

__all__ = [
    "Ambiguous",
    "Bot",
    "Channel",
    "Exchange",
    "Fault",
    "FaultError",
    "Guild",
    "InvalidInput",
    "Message",
    "Modal",
    "NoModal",
    "NotEnabled",
    "NotSeen",
    "NotVisible",
    "Observation",
    "Persona",
    "Role",
    "Sandbox",
    "SandboxClient",
    "SandboxError",
    "Unknown",
    "UnknownCommand",
]
