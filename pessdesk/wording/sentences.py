"""Code → sentence: what happened, where, and what to do. One line each; the code itself is shown small beside it."""

from __future__ import annotations


def _(source: str) -> str:
    """Marks a text for the catalogs."""
    return source


SENTENCES = {
    "unknown-code": _("Something went wrong that has no words yet ({code})."),
    # What people write
    "revision-unknown": _("There is no version {value} of it here."),
    "nothing-to-bring-back": _("It says that already: there is nothing to bring back."),
    "text-too-long": _("{field}: {length} characters are too many; at most {limit}. Shorten it or split it in two."),
    "text-control-character": _(
        "{field}: character {position} is {character}, which no screen can show. Delete it and try again."
    ),
    "text-missing": _("{field}: this is empty and must be filled in."),
    "date-wrong": _("{field}: “{value}” is not a date. Write it as 2026-03-12."),
    "time-wrong": _("{field}: “{value}” is not a time of day. Write it as 17:30."),
    "code-wrong": _("“{value}” is not a reference code."),
    "id-wrong": _("{field}: “{value}” is not an identifier."),
    "choice-unknown": _("{field}: “{value}” is not one of the choices: {allowed}."),
    "language-unknown": _("{field}: “{value}” is not a language code."),
    "catalan-missing": _("{field}: the Catalan text is missing. Every title needs one."),
    "number-out-of-range": _("{field}: {value} is out of range ({low} to {high})."),
    "number-wrong": _("{field}: “{value}” is not a whole number from 0 on."),
    "line-unknown": _("{field}: “{value}” is not a line of the base document {version}."),
    "photo-missing": _("{field}: there is no file {path}."),
    "photo-outside": _("{field}: {path} lies outside the spreadsheet's folder. Copy it there and name it again."),
    "attachment-size": _("{path} has {size} bytes; a file must have between 1 and {limit}."),
    "extension-wrong": _("“{value}” is not a file extension."),
    "media-type-wrong": _("“{value}” is not a media type."),
    "content-shape": _("A {kind} with a field that is missing or of another kind: {problem}."),
    # Base document and programme
    "document-empty": _("The base document has no nodes."),
    "document-format": _("{path} is of format “{value}”; this program reads {known}."),
    "document-deep": _("{path}: the tree under {node} is deeper than {limit} levels."),
    "document-version-reused": _(
        "The base document's version {version} exists already with other content. Give the new one another version:"
        " contributions point to the old one."
    ),
    "node-id-wrong": _("“{node}” cannot be the id of a node: letters, digits, point, hyphen, at most 40."),
    "node-doubled": _("The id {node} stands twice in the base document. Give one of the two another id."),
    "node-code-doubled": _("The code {code} stands at {node} and at {other}. Change one of the two."),
    "node-parent-unknown": _("The node {node} hangs from {parent}, which does not exist."),
    "node-cycle": _("The node {node} hangs from {parent}, which hangs from {node} in turn: a circle. Break it."),
    "rehearsal-export": _("This is a rehearsal: nothing of it can be handed over as real. Leave the rehearsal first."),
    "programme-second": _("This store holds the programme {ours}; {value} needs a data folder of its own."),
    "programme-other": _("This bundle belongs to another programme than this store's ({ours}). Nothing was taken."),
    "not-programme": _("{path} is not a programme bundle. Use `import` for workshops' bundles."),
    "place-missing": _("Say where: a municipality or a comarca."),
    "place-differs": _("{municipality} is not in the comarca {comarca}."),
    "municipality-unknown": _("“{value}” is not a municipality of Catalonia (or more than one)."),
    "comarca-unknown": _("“{value}” is not a comarca."),
    # Spreadsheets and JSON
    "sheet-empty": _("{path} is empty. The first row names the columns; “text” is required."),
    "sheet-too-big": _("{path} has {size} bytes, more than {limit}. Split it."),
    "sheet-too-long": _("{path} has more than {limit} rows. Split it."),
    "sheet-encoding": _("{path} is in no known encoding. Save it as CSV UTF-8 or as .xlsx."),
    "sheet-nul": _("{path}, line {line}: a NUL character. The file is damaged or is not a CSV; save it again."),
    "sheet-csv": _("{path}, near line {line}: not a well-formed CSV ({problem}). Save it again from the spreadsheet."),
    "sheet-excel": _("{path} cannot be opened as a spreadsheet ({problem}). Save it again as .xlsx or CSV."),
    "sheet-formula": _("{path}, cell {cell}: a formula. Paste the column as values and save again."),
    "sheet-cell-error": _("{path}, cell {cell}: the spreadsheet shows {value} there. Correct the cell."),
    "sheet-row": _("{path}, row {row}: {why}."),
    "columns-missing": _("{path}: the column {missing} is missing. The first row has: {found}."),
    "columns-wrong": _("{path}: unknown or doubled column {wrong}. Known are: {allowed}."),
    "row-too-long": _("{path}, row {row}: there are more cells than the {columns} columns. Check the separators."),
    "rows-none": _("The file has column names but no rows: nothing to record."),
    "rows-refused": _("Nothing was recorded: {count} rows need correction."),
    "json-wrong": _("{path}, line {line}, column {column}: not well-formed JSON."),
    "json-encoding": _("{path} is not UTF-8. Save it as UTF-8."),
    "json-shape": _("{path}: {field} is missing or of another kind than expected."),
    # What is named
    "workshop-unknown": _("There is no workshop {value} here. `workshop list` shows those there are."),
    "contribution-unknown": _("There is no contribution {value} here. `search` finds its code."),
    "person-unknown": _("There is no person {value} in this workshop. `people list` shows those there are."),
    "consent-empty": _("Nobody is written down without having agreed to something: tick at least one thing."),
    "consent-text-unknown": _("There is no text “{value}” in this language ({language})."),
    "erase-people": _("{value} is a person: use `people erase`."),
    "erase-kind": _("What holds others together ({kind}) cannot be erased."),
    "erase-workshops": _("Erase what belongs to one workshop at a time."),
    "retention-of-what": _("Say of which workshop: --workshop CODE."),
    "erase-whom": _("Say whom: one person, or --all."),
    "erase-unsure": _("Nothing was erased. Say --yes once you have read what would be reached: it cannot be undone."),
    "record-unknown": _("What was to be changed is not here any more ({value})."),
    "code-ambiguous": _("{value} names more than one thing; use one of these ids: {records}."),
    "clash-unknown": _("{value} has no open clash (field {field})."),
    "claim-unknown": _("{field} has {count} versions; {value} is none of them. `clash list` shows them."),
    "clash-more-fields": _("These fields clash too: {fields}. Settle all at once without --field."),
    "nothing-to-describe": _("Say what is known of the workshop, for example --start 17:00 or --objectives “…”."),
    "nothing-to-change": _("Say what to change: --text, --title, --kind, --line, --language."),
    # The world
    "file-unreadable": _("{path} cannot be read ({reason})."),
    "file-gone": _("{path} is not there any more. Was the stick pulled out?"),
    "file-too-big": _("{path} has {size} bytes: no bundle is larger than {limit}."),
    "file-exists": _("{path} exists already; nothing is overwritten. Choose another name or move it away."),
    "document-ending": _("{path}: minutes are written as .pdf or as .html. Give the file one of these endings."),
    "disk-full": _("The disk is full: {path}. Nothing was lost; free some space and try again."),
    "folder-read-only": _("{path} cannot be written: it is read-only or belongs to somebody else."),
    "room-missing": _(
        "There is not enough room in {path}: {needed} MB are needed and {free} MB are free. Free some space or choose"
        " another folder."
    ),
    "stopped": _("Stopped. Nothing was left behind."),
    "folder-missing": _("The folder {path} is not there. Is the stick plugged in?"),
    "disk-trouble": _("{path}: the system says “{reason}”. Nothing was lost; try again or use another folder."),
    "read-back-differs": _("What was written to {path} reads back differently ({reason}). Use another stick."),
    "store-busy": _("Another PessDesk is writing to {path}. Close it, or wait until it has finished."),
    "store-missing": _("There is no store in {path} yet. Open the programme first: programme import FILE."),
    "store-newer": _(
        "The store in {path} was written by a newer PessDesk ({version}, this one knows {known}). Update."
    ),
    "store-older": _("The store in {path} is older than this PessDesk; the first command that writes updates it."),
    "store-locked": _("The store in {path} is protected. Give its passphrase or its recovery key."),
    "passphrase-wrong": _(
        "This passphrase does not open the store in {path}. Look at capitals and language of the keyboard, and try again;"
        " the recovery key opens it too."
    ),
    "passphrase-short": _(
        "A passphrase needs at least {least} characters. Four words that nobody would guess are good."
    ),
    "passphrase-needed": _("Type the new passphrase on a terminal, or name a file that has it: --new-passphrase-file."),
    "passphrase-differs": _("The two passphrases differ. Type the new one again."),
    "recovery-mistyped": _("Group {group} of the recovery key has a wrong sign. Compare it with the sheet."),
    "recovery-wrong": _(
        "This recovery key does not open the store in {path}. Is there a newer sheet, or is it another laptop's?"
    ),
    "recovery-differs": _("This is not group {group} of the recovery key. Is it an older sheet? Look again."),
    "protected-already": _("The store in {path} is protected already."),
    "protected-not": _("The store in {path} is not protected."),
    "protect-link": _(
        "{path} is a link: what it points to lies elsewhere and would stay readable. Put the thing itself in its place,"
        " then protect the store."
    ),
    "keychain-missing": _("This computer has no keychain that works. Choose a passphrase."),
    "keychain-refused": _("The computer's keychain did not keep the key. Choose a passphrase."),
    "keys-missing": _(
        "The store in {path} is protected, and the file keys.json is missing, without which no passphrase opens it. Put it"
        " back from a copy of the folder."
    ),
    "keys-damaged": _(
        "The file {path}, without which no passphrase opens the store, is damaged. Put it back from a copy."
    ),
    "keys-newer": _("The file {path} was written by a newer PessDesk ({version}, this one knows {known}). Update."),
    "sealed-damaged": _("The protected file {path} is damaged. Restore it from a backup, then try again."),
    "store-damaged": _("The store in {path} is damaged ({what}). Leave it as it is and restore a backup."),
    "store-gone": _(
        "The store that was in {path} is not there any more. Restore a backup; nothing new is begun in its place."
    ),
    "store-log-missing": _(
        "The store in {path} lacks its last saved changes ({units}): the file store.db-wal is gone. Put it back beside"
        " store.db, or restore a backup."
    ),
    "store-log-foreign": _(
        "The file store.db-wal in {path} belongs to another store and was not touched. Put the right one back, or restore"
        " a backup."
    ),
    "store-behind": _(
        "The store in {path} is an older copy: the last saved changes ({units}) are missing. Put the right store.db back, or"
        " restore a backup."
    ),
    "backup-busy": _("A backup of {path} is being made already. Wait until it has finished."),
    "backup-damaged": _("The backup {path} is damaged and cannot be used. Choose the one before."),
    "backup-unknown": _("There is no backup {value}. The command “backup list” shows those that there are."),
    "backup-none": _("There is no backup of the store in {path} that can be used."),
    "second-missing": _(
        "The second place {path} is not there. Is the stick plugged in? The copy is made the next time."
    ),
    "second-inside": _("The second place {path} lies in the store's own folder. Choose a folder on another disk."),
    "place-cloud": _(
        "{path} lies in a folder that another program synchronises (OneDrive, Nextcloud and the like). A store can be"
        " damaged there: keep it on this laptop's own disk, and choose that folder as the second place of its backups."
    ),
    "place-network": _(
        "{path} lies on a network disk. A store can be damaged there: keep it on this laptop's own disk, and choose that"
        " folder as the second place of its backups."
    ),
    "device-key-missing": _("This laptop's key {path} is missing. Restore it with the store; nothing was changed."),
    "device-key-damaged": _("This laptop's key {path} is damaged. Restore it with the store; nothing was changed."),
    "device-key-other": _("The key {path} is another laptop's than this store's. Restore the right one."),
    "attachment-missing": _("The file {name} ({path}) is missing. Restore it from a backup, then try again."),
    "attachment-damaged": _("The file {path} is damaged: it does not have the content that its name says."),
    "card-wrong": _("{path} is not a laptop's card (a certificate as PEM or DER)."),
    "fingerprint-differs": _("{path} is the card {found}, not {wanted}. Do not trust it; ask again by phone."),
    "folder-not-data": _("{path} holds other things than a demonstration; choose an empty folder."),
    "demo-failed": _("The demonstration stopped at: {what}."),
    # Bundles: what they are worth
    "accepted": _("Intact, and signed by a known laptop."),
    "known-bundle": _("Received before: nothing new."),
    "signer-unknown": _(
        "Intact, but its signer is not known here (fingerprint {fingerprint}). Compare it by phone, then: trust add CARD."
    ),
    "fork": _("Another bundle of the same laptop already has the number {seq}. Was the laptop copied or restored?"),
    "programme-signer": _(
        "A programme signed by another laptop ({signer}) than this store's programme. Ask the office whether it is theirs."
    ),
    "bundle-id-reused": _("Another bundle already has this one's id ({id})."),
    "gap": _("The bundle before this one has not arrived yet."),
    "empty": _("The file is empty."),
    "not-zip": _("This is not a bundle."),
    "too-big": _("It is larger than a bundle can be ({size} bytes, at most {limit})."),
    "too-many": _("It holds more files than a bundle can ({count}, at most {limit})."),
    "zip-end": _("It is cut off, or something was added at its end."),
    "zip-directory": _("Its table of contents is damaged."),
    "zip-tiling": _("There are gaps or overlaps between its files ({name})."),
    "zip-local": _("A file's header differs from the table of contents ({name})."),
    "zip-flags": _("A file has forbidden flags, such as encryption ({name})."),
    "zip-method": _("A file is compressed; in a bundle none is ({name})."),
    "zip-extra": _("A file carries extra fields or a comment ({name})."),
    "zip-date": _("A file has another date than the fixed one ({name})."),
    "zip-attributes": _("A file has forbidden attributes ({name})."),
    "zip-name": _("It holds a file that no bundle holds ({name})."),
    "zip-duplicate": _("Two of its files have the same name ({name})."),
    "zip-truncated": _("It is cut off ({name})."),
    "zip-crc": _("A file is damaged ({name})."),
    "mimetype": _("It does not say that it is a signed container (mimetype)."),
    "entry-missing": _("A file is missing in it ({name})."),
    "entry-too-big": _("A file in it is too large ({name}: {size} bytes, at most {limit})."),
    "line-too-long": _("A line in {name} is longer than {limit} bytes."),
    "line-unfinished": _("The last line of {name} is cut off."),
    "signature-shape": _("The signature is not of the form that a bundle's must have ({what})."),
    "signature-weak": _("The signature is too weak to be trusted ({what})."),
    "signature-wrong": _("The signature does not fit: the content was changed."),
    "manifest-form": _("The list of signed files is not of the required form (line {line})."),
    "file-unsigned": _("A file is not covered by the signature ({name})."),
    "file-missing": _("A signed file is missing ({name})."),
    "attachment-name": _("An attachment's name is not the digest of its content ({name})."),
    "digest": _("A file was changed after signing ({name})."),
    "bagit": _("The BagIt lists disagree with the content ({name})."),
    "header-json": _("Its description is not canonical JSON ({reason})."),
    "header-shape": _("Its description is incomplete or wrong ({problem})."),
    "header-device": _("Its description names another laptop than the signer."),
    "header-counts": _("It holds other numbers of records than its description says."),
    "schema-newer": _("It was written by a newer PessDesk (format {needed}; this one reads {known}). Update first."),
    "kind-unknown": _("It is a bundle of a kind that this PessDesk does not know ({kind})."),
    "bundle-prev": _("Its number {seq} and its predecessor do not fit together."),
    "revision": _("Record {line} breaks a rule ({why})."),
    "revision-device": _("Record {line} claims to be another laptop's than the signer's."),
    "revision-personal": _("Record {line} holds personal data ({kind}), which never travels in such a bundle."),
    "revision-scope": _("Record {line} ({kind}) does not belong into such a bundle, or is of another workshop."),
    "revision-order": _("Record {line} stands in the wrong order or twice."),
    "revision-too-long": _("A record has {size} bytes; at most {limit}."),
    "revision-json": _("A record is not canonical JSON ({reason})."),
    "revision-shape": _("A record's envelope is wrong at {field}."),
    "revision-version": _("A record is of version {version}; this PessDesk reads {known}. Update first."),
    "relay-nested": _("A bundle inside it carries bundles itself; only one level is allowed."),
    "relay-name": _("A bundle inside it has another content than its name says."),
    "relay-refused": _("A bundle inside it is refused ({why})."),
    # Check
    "check-database": _("The database file is damaged: {what}."),
    "check-revision": _("Revision {id} does not have the content of its id."),
    "check-projection": _("{count} contributions are shown without a record."),
    "check-fork": _(
        "The laptop {device} stated two things under the number {number} (epoch {epoch}): its data were copied, or its"
        " store was put back without this program. Ask whoever has it."
    ),
    "check-clock": _(
        "The laptop {device}: number {number} (epoch {epoch}) is stamped before the number that it follows."
    ),
    "check-counter": _(
        "{count} of what this laptop stated is missing, from number {number} on. Bring the newest backup back."
    ),
    "check-search": _("Search knows {indexed} contributions of {shown}."),
    "check-attachment": _("The file {name} is missing or damaged."),
    "check-failed": _("{count} things are not as they should be."),
}
