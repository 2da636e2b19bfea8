-- The event log. A partition's head is locked by whoever appends to it, so its sequence has no gaps.

CREATE TABLE partition_head (
    partition INTEGER PRIMARY KEY NOT NULL,
    next_seq INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    clock INTEGER NOT NULL
) STRICT;
INSERT INTO partition_head (partition, next_seq, generation, clock)
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 63)
    SELECT n, 1, 1, 0 FROM numbers;

-- The right to fold a partition. The epoch grows at every take-over; effects of an older one are refused.
CREATE TABLE lease (
    partition INTEGER PRIMARY KEY NOT NULL,
    node TEXT,
    life INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    cursor INTEGER NOT NULL
) STRICT;
INSERT INTO lease (partition, node, life, epoch, expires, cursor)
    SELECT partition, NULL, 0, 0, 0, 0 FROM partition_head;

-- Who is alive, for fair shares.
CREATE TABLE node (
    name TEXT PRIMARY KEY NOT NULL,
    life INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

-- No foreign keys here and in the other tables that every event writes to: their subjects are resolved in the same transaction.
-- `key` is a hash of (organisation, source, id); `digest` one of (kind, time, subject, data), kept when `data` is erased. Rows are
-- written one after the other, whatever their partition: ordered by partition, they would fill pages in sixty-four places at once.
CREATE TABLE event (
    n INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    key BLOB NOT NULL,
    digest BLOB NOT NULL,
    organisation BLOB NOT NULL,
    subject BLOB NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    time INTEGER NOT NULL,
    received INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    data TEXT,
    UNIQUE (partition, seq)
) STRICT;
-- The event keys of a generation are a run of blocks; a block has the keys of its run that begin alike, each with the event's partition and
-- sequence number. The keys of events behind `through`, which counts as `event.n` does, are only in the writer's memory, whatever of them
-- is here already (`events/keys/`).
CREATE TABLE event_key (
    block INTEGER PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;
CREATE TABLE event_key_filed (
    runs INTEGER NOT NULL,
    through INTEGER NOT NULL
) STRICT;
INSERT INTO event_key_filed (runs, through) VALUES (0, 0);
-- A subject's history, stretch by stretch: ordered by subject as a whole, every event would write to a page of its own, and the more
-- there are, the more so. Whoever reads a history looks into each stretch (`events/history.rs`).
CREATE INDEX event_history ON event (seq >> 8, subject);

-- What a rule keeps for a subject. `blocked_from`, `error`, `since` and `organisation` are set while the pair is parked; `blocked_by`
-- is the event or wake-up that stopped it (JSON), none while the rule is only paused.
CREATE TABLE rule_state (
    subject BLOB NOT NULL,
    rule BLOB NOT NULL,
    partition INTEGER NOT NULL,
    state BLOB,
    seq INTEGER NOT NULL,
    wake INTEGER,
    progress TEXT NOT NULL,
    blocked_from INTEGER,
    blocked_by TEXT,
    error TEXT,
    since INTEGER,
    organisation BLOB,
    PRIMARY KEY (subject, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_state_wake ON rule_state (partition, wake) WHERE wake IS NOT NULL AND blocked_from IS NULL;
CREATE INDEX rule_state_parked ON rule_state (organisation, subject, rule) WHERE blocked_from IS NOT NULL;
CREATE INDEX rule_state_paused ON rule_state (rule) WHERE blocked_from IS NOT NULL AND blocked_by IS NULL;
