"""The ground: revisions and local state.

Written out in SQL, so that this script gives the same tables for ever, whatever `schema.py` becomes.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE TABLE revision (
        seq INTEGER NOT NULL, id BLOB NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, device TEXT NOT NULL,
        epoch INTEGER NOT NULL, counter INTEGER NOT NULL, workshop TEXT NOT NULL, data BLOB,
        CONSTRAINT pk_revision PRIMARY KEY (seq),
        CONSTRAINT uq_revision_id UNIQUE (id),
        CONSTRAINT ck_revision_id_is_a_digest CHECK (length(id) = 32))""",
    "CREATE INDEX ix_revision_record ON revision (record)",
    "CREATE INDEX ix_revision_workshop_device ON revision (workshop, device)",
    """CREATE TABLE setting (
        "key" TEXT NOT NULL, value TEXT NOT NULL, CONSTRAINT pk_setting PRIMARY KEY ("key"))""",
    """CREATE TABLE bundle (
        content_id TEXT NOT NULL, bundle_id TEXT NOT NULL, direction TEXT NOT NULL, kind TEXT NOT NULL,
        device TEXT NOT NULL,
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, prev TEXT NOT NULL, workshop TEXT NOT NULL,
        carries_relays BOOLEAN NOT NULL, created TEXT NOT NULL,
        CONSTRAINT pk_bundle PRIMARY KEY (content_id),
        CONSTRAINT ck_bundle_direction CHECK (direction IN ('sent', 'received')))""",
    "CREATE INDEX ix_bundle_device_epoch_seq ON bundle (device, epoch, seq)",
    "CREATE INDEX ix_bundle_workshop ON bundle (workshop)",
    """CREATE TABLE sequence (
        epoch INTEGER NOT NULL, seq INTEGER NOT NULL, content_id TEXT NOT NULL,
        CONSTRAINT pk_sequence PRIMARY KEY (epoch, seq))""",
    """CREATE TABLE quarantined (
        file TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL, facts TEXT NOT NULL, content_id TEXT NOT NULL,
        CONSTRAINT pk_quarantined PRIMARY KEY (file))""",
    """CREATE TABLE recorded_row (
        workshop TEXT NOT NULL, "key" TEXT NOT NULL, record TEXT NOT NULL,
        CONSTRAINT pk_recorded_row PRIMARY KEY (workshop, "key"))""",
    "CREATE TABLE erased (record TEXT NOT NULL, CONSTRAINT pk_erased PRIMARY KEY (record))",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
