"""What faults do to an event on its way to a session."""

from sandbox.clock import Clock
from sandbox.faults import Fault
from sandbox.gateway.opcodes import Close
from sandbox.gateway.session import Session

__all__ = ["send_with_faults"]


def send_with_faults(
    clock: Clock, session: Session, event: str, data: str, faults: list[Fault]
) -> bool:
    """Send an event as the faults have it; whether it is sent, now or later.

    An event that closes the gateway is kept for the resume, so that it is late but not lost.
    """
    delay = sum(fault.seconds for fault in faults if fault.do == "delay")
    times = 1 + sum(fault.times for fault in faults if fault.do == "repeat")
    last = faults[-1]
    if last.do == "drop":
        return False
    if last.do == "invalid_session":
        if session.connection:
            session.connection.invalidate(resumable=False)
        return False

    def send() -> None:
        for _ in range(times):
            session.dispatch(event, data)

    if last.do in ("close", "reconnect"):
        _break_off(session, last)
    if delay:
        clock.call_later(delay, send)
    else:
        send()
    return True


def _break_off(session: Session, fault: Fault) -> None:
    connection = session.connection
    if connection is None:
        return
    if fault.do == "reconnect":
        connection.ask_to_reconnect()
    connection.detach(resumable=fault.resumable)
    connection.shut(Close.UNKNOWN_ERROR if fault.code is None else fault.code)
