"""Durable jobs: deadlines and effects still owed are rows, carried out at least once."""

from core.jobs.queue import JobQueue, Priority
from core.jobs.runner import GiveUp, JobHandler, JobRunner, Later, OwedJob

__all__ = ["GiveUp", "JobHandler", "JobQueue", "JobRunner", "Later", "OwedJob", "Priority"]
