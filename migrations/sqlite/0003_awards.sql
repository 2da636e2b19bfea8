-- Awards, credentials, engagement, statuses, and the outbox.

CREATE TABLE award (
    id BLOB PRIMARY KEY NOT NULL,
    public_id BLOB NOT NULL UNIQUE,
    organisation BLOB NOT NULL,
    subject BLOB NOT NULL,
    achievement BLOB NOT NULL,
    version BLOB NOT NULL,
    rule BLOB,
    key TEXT NOT NULL,
    awarded INTEGER NOT NULL,
    valid_until INTEGER,
    standing TEXT NOT NULL,
    reason TEXT,
    changed INTEGER,
    changed_by TEXT,
    explanation TEXT NOT NULL,
    status_list BLOB NOT NULL,
    status_index INTEGER NOT NULL,
    successor BLOB
) STRICT;
CREATE INDEX award_organisation ON award (organisation, id);
-- A null rule equals no other: direct awards are unique by the index after it.
CREATE UNIQUE INDEX award_key ON award (subject, rule, key);
CREATE UNIQUE INDEX award_direct ON award (organisation, key) WHERE rule IS NULL;

-- What waits for a signature: a row is written with its award and goes when the credential comes.
CREATE TABLE unsigned_document (
    award BLOB PRIMARY KEY NOT NULL,
    partition INTEGER NOT NULL,
    public_id BLOB NOT NULL,
    organisation BLOB NOT NULL,
    suite TEXT NOT NULL,
    key BLOB NOT NULL,
    verification_method TEXT NOT NULL,
    created INTEGER NOT NULL,
    status_list BLOB NOT NULL,
    status_index INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;

-- Exactly the bytes that were signed. Found through the award: one random public id to index, not two.
CREATE TABLE credential (
    award BLOB PRIMARY KEY NOT NULL,
    document BLOB NOT NULL
) STRICT;

CREATE TABLE signing_key (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    public TEXT NOT NULL,
    sealed BLOB NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX signing_key_organisation ON signing_key (organisation, id);
CREATE UNIQUE INDEX signing_key_active ON signing_key (organisation) WHERE state = 'active';
CREATE INDEX signing_key_compromised ON signing_key (id) WHERE state = 'compromised';

CREATE TABLE engagement (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL,
    subject BLOB NOT NULL,
    achievement BLOB NOT NULL,
    version BLOB NOT NULL,
    rule BLOB,
    key TEXT NOT NULL,
    awarded INTEGER NOT NULL,
    standing TEXT NOT NULL,
    changed_by TEXT,
    explanation TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX engagement_key ON engagement (subject, rule, key);
CREATE UNIQUE INDEX engagement_direct ON engagement (organisation, key) WHERE rule IS NULL;

CREATE TABLE points (
    subject BLOB NOT NULL,
    rule BLOB NOT NULL,
    key TEXT NOT NULL,
    organisation BLOB NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    given INTEGER NOT NULL,
    PRIMARY KEY (subject, rule, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_list (
    id BLOB PRIMARY KEY NOT NULL,
    public_id BLOB NOT NULL UNIQUE,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    entries TEXT NOT NULL,
    size INTEGER NOT NULL,
    seed BLOB NOT NULL,
    next INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    published INTEGER NOT NULL,
    void INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX status_list_organisation ON status_list (organisation, id);
CREATE INDEX status_list_changed ON status_list (id) WHERE revision > published;

-- The bits that are set: what each tells, as in a list's address.
CREATE TABLE status_bit (
    list BLOB NOT NULL,
    place INTEGER NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (list, place, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_document (
    public_id BLOB NOT NULL,
    topic TEXT NOT NULL,
    published INTEGER NOT NULL,
    digest BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (public_id, topic)
) STRICT;

-- `n` is the order of writing, which for one subject is the order of truth.
CREATE TABLE outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    organisation BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    award BLOB NOT NULL,
    achievement BLOB NOT NULL,
    version BLOB NOT NULL,
    credential BLOB,
    key TEXT NOT NULL,
    reason TEXT,
    depth INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_organisation ON outbox (organisation, n);

-- Rows of the outbox that the log does not carry yet.
CREATE TABLE unrelayed (
    n INTEGER PRIMARY KEY NOT NULL,
    partition INTEGER NOT NULL
) STRICT;
