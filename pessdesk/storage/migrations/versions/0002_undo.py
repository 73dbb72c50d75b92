"""What can be undone stays in the store, over a restart."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE undo_entry (
        number INTEGER NOT NULL, undone BOOLEAN NOT NULL, what TEXT NOT NULL, steps TEXT NOT NULL,
        change TEXT NOT NULL, CONSTRAINT pk_undo_entry PRIMARY KEY (number))"""
    )
