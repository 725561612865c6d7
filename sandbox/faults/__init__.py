"""Faults on demand: requests that fail or are slow, events that get lost, a gateway that breaks."""

from sandbox.faults.fault import Fault, FaultOptions, Outcome
from sandbox.faults.reading import FaultError, read_fault
from sandbox.faults.table import Faults

__all__ = ["Fault", "FaultError", "FaultOptions", "Faults", "Outcome", "read_fault"]
