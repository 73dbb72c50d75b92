"""The tables. Three classes: *revisions* (append-only), *local state* (never rebuilt), *projections* (derived).

alembic migrates the first two (`TRUTH`); a changed projection (`DERIVED`, `PROJECTION_VERSION`) is dropped and made
again from the revisions. Database rows stay inside `pessdesk.storage`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0002"
"""The migration that this version needs; a test holds it against the scripts."""
PROJECTION_VERSION = "3"

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
TRUTH = MetaData(naming_convention=_NAMES)
DERIVED = MetaData(naming_convention=_NAMES)

revision = Table(
    "revision",
    TRUTH,
    Column("seq", Integer),
    Column("id", LargeBinary(32), nullable=False),
    Column("record", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("workshop", Text, nullable=False),
    Column("data", LargeBinary, nullable=True, comment="the envelope as it came; empty when erased"),
    PrimaryKeyConstraint("seq"),
    UniqueConstraint("id"),
    CheckConstraint("length(id) = 32", name="id_is_a_digest"),
    Index(None, "record"),
    Index(None, "workshop", "device"),
)
setting = Table("setting", TRUTH, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
bundle = Table(
    "bundle",
    TRUTH,
    Column("content_id", Text, primary_key=True),
    Column("bundle_id", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", Text, nullable=False),
    Column("workshop", Text, nullable=False),
    Column("carries_relays", Boolean, nullable=False),
    Column("created", Text, nullable=False),
    CheckConstraint("direction IN ('sent', 'received')", name="direction"),
    Index(None, "device", "epoch", "seq"),
    Index(None, "workshop"),
)
sequence = Table(
    "sequence",
    TRUTH,
    Column("epoch", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("content_id", Text, nullable=False, comment="empty while taken and not handed over"),
)
quarantined = Table(
    "quarantined",
    TRUTH,
    Column("file", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("content_id", Text, nullable=False),
)
recorded_row = Table(
    "recorded_row",
    TRUTH,
    Column("workshop", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("record", Text, nullable=False),
)
undo_entry = Table(
    "undo_entry",
    TRUTH,
    Column("number", Integer, primary_key=True),
    Column("undone", Boolean, nullable=False),
    Column("what", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("change", Text, nullable=False),
)
erased = Table("erased", TRUTH, Column("record", Text, primary_key=True))


def _derived(name: str, *columns: Column[object] | Index | CheckConstraint) -> Table:
    return Table(name, DERIVED, Column("record", Text, primary_key=True), *columns)


def _text(name: str) -> Column[object]:
    return Column(name, Text, nullable=False, server_default="")


programme = _derived("programme", _text("code"), _text("title"), _text("version"), _text("document"))
base_document = _derived("base_document", _text("document"), _text("version"), _text("content"))
workshop = _derived(
    "workshop", _text("programme"), _text("code"), _text("title"), _text("date"), _text("comarca"),
    _text("municipality"), _text("venue"), _text("method"), Column("planned", Boolean, nullable=False),
    *(_text(n) for n in ("start", "end", "facilitators", "objectives", "agenda", "next_steps")),
    Column("withdrawn", Boolean, nullable=False),
    Index(None, "code"),
)  # fmt: skip
grouping = _derived(
    "grouping", _text("workshop"), _text("name"), Column("withdrawn", Boolean, nullable=False), Index(None, "workshop")
)
contribution = Table(
    "contribution",
    DERIVED,
    Column("number", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    *(_text(n) for n in ("workshop", "code", "kind", "title", "text", "grouping", "document", "lines", "language")),
    _text("entity"),
    _text("reference"),
    Column("withdrawn", Boolean, nullable=False),
    UniqueConstraint("record"),
    Index(None, "workshop", "record"),
    Index(None, "code"),
)
size = _derived("size", Column("contributions", Integer, nullable=False))
"""How many contributions of a workshop (`record`) stand: counting them anew reads, and under a key decrypts, them all."""
tally = _derived(
    "tally", _text("workshop"), _text("subject"), _text("measure"), Column("value", Integer, nullable=False),
    _text("device"), Index(None, "subject"), Index(None, "workshop"),
)  # fmt: skip
entity = _derived(
    "entity",
    _text("name"),
    _text("kind"),
    _text("aliases"),
    _text("comarca"),
    _text("workshop"),
    _text("folded"),
    Column("withdrawn", Boolean, nullable=False),
)
attachment = _derived(
    "attachment", _text("workshop"), _text("subject"), _text("sha256"), _text("extension"),
    Column("size", Integer, nullable=False), _text("media_type"), _text("name"),
    Column("withdrawn", Boolean, nullable=False), Index(None, "subject"),
    Index(None, "workshop"),
)  # fmt: skip
person = _derived(
    "person", _text("workshop"), _text("name"), _text("contact"), _text("entity"), Index(None, "workshop")
)
consent = _derived(
    "consent",
    *(_text(n) for n in ("workshop", "person", "purposes", "text", "version", "language", "date", "how")),
    _text("withdrawn_on"),
    Index(None, "person"),
)
device = _derived("device", _text("device"), _text("label"))
act = _derived(
    "act", _text("device"), Column("epoch", Integer, nullable=False), Column("counter", Integer, nullable=False),
    _text("action"), _text("workshop"), _text("subjects"), _text("note"),
)  # fmt: skip
clash = Table(
    "clash",
    DERIVED,
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("workshop", Text, nullable=False),
    Column("claims", Text, nullable=False),
)
waiting = Table("waiting", DERIVED, Column("record", Text, primary_key=True), Column("parent", Text, primary_key=True))

FULL_TEXT = (
    "CREATE VIRTUAL TABLE full_text USING fts5(words, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 0')"
)
COUNTERS = (
    "CREATE TRIGGER contribution_came AFTER INSERT ON contribution WHEN NOT new.withdrawn BEGIN"
    " INSERT INTO size (record, contributions) VALUES (new.workshop, 1)"
    " ON CONFLICT (record) DO UPDATE SET contributions = contributions + 1; END",
    "CREATE TRIGGER contribution_went AFTER DELETE ON contribution WHEN NOT old.withdrawn BEGIN"
    " UPDATE size SET contributions = contributions - 1 WHERE record = old.workshop;"
    " DELETE FROM size WHERE record = old.workshop AND contributions = 0; END",
)
"""Keep `size`. A contribution that changes is taken out and put in again; its row is never updated."""
