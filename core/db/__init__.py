"""The database: one connection alias, transactions that are safe under cancellation, migrations."""

from core.db.database import AppModels, Database, DatabaseUnavailable
from core.db.fields import UtcDatetimeField, as_datetime
from core.db.outage import until_written
from core.db.sql import execute, fetch
from core.db.transaction import (
    Transaction,
    after_commit,
    forbid_in_transaction,
    outside_transaction,
    savepoint,
    transaction,
)

__all__ = [
    "AppModels",
    "Database",
    "DatabaseUnavailable",
    "Transaction",
    "UtcDatetimeField",
    "after_commit",
    "as_datetime",
    "execute",
    "fetch",
    "forbid_in_transaction",
    "outside_transaction",
    "savepoint",
    "transaction",
    "until_written",
]
