"""Who holds the name of a process, as PostgreSQL says it of one database of many."""

HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"

HOLDER = f"SELECT pid, objid FROM pg_locks WHERE locktype = 'advisory' AND granted AND {HERE}"

SOMEBODY_WAITS = f"SELECT true FROM pg_locks WHERE NOT granted AND {HERE}"
