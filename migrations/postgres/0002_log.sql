-- The event log. A partition's head is locked by whoever appends to it, so its sequence has no gaps.

CREATE TABLE partition_head (
    partition INTEGER PRIMARY KEY NOT NULL,
    next_seq BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    clock BIGINT NOT NULL
);
INSERT INTO partition_head (partition, next_seq, generation, clock)
    SELECT n, 1, 1, 0 FROM generate_series(0, 63) AS n;

-- The right to fold a partition. The epoch grows at every take-over; effects of an older one are refused.
CREATE TABLE lease (
    partition INTEGER PRIMARY KEY NOT NULL,
    node TEXT,
    life BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    cursor BIGINT NOT NULL
);
INSERT INTO lease (partition, node, life, epoch, expires, cursor)
    SELECT partition, NULL, 0, 0, 0, 0 FROM partition_head;

-- Rows that change with every batch leave room beside themselves, so that their indexes need no change.
ALTER TABLE partition_head SET (fillfactor = 10);
ALTER TABLE lease SET (fillfactor = 10);

-- Who is alive, for fair shares.
CREATE TABLE node (
    name TEXT PRIMARY KEY NOT NULL,
    life BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- No foreign keys here and in the other tables that every event writes to: their subjects are resolved in the same transaction.
-- `key` is a hash of (organisation, source, id); `digest` one of (kind, time, subject, data), kept when `data` is erased.
CREATE TABLE event (
    partition INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    key UUID NOT NULL,
    digest BYTEA NOT NULL,
    organisation UUID NOT NULL,
    subject UUID NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    time BIGINT NOT NULL,
    received BIGINT NOT NULL,
    depth INTEGER NOT NULL,
    data TEXT,
    PRIMARY KEY (partition, seq)
);
-- Bodies up to 8 KB stay in the row as they are: compressing every event of more than 2 KB costs more than its disk space.
ALTER TABLE event SET (toast_tuple_target = 8160);
CREATE UNIQUE INDEX event_key ON event (key);
CREATE INDEX event_history ON event (subject, received, partition, seq);

-- What a rule keeps for a subject. `blocked_from`, `error`, `since` and `organisation` are set while the pair is parked; `blocked_by`
-- is the event or wake-up that stopped it (JSON), none while the rule is only paused.
CREATE TABLE rule_state (
    subject UUID NOT NULL,
    rule UUID NOT NULL,
    partition INTEGER NOT NULL,
    state BYTEA,
    seq BIGINT NOT NULL,
    wake BIGINT,
    progress TEXT NOT NULL,
    blocked_from BIGINT,
    blocked_by TEXT,
    error TEXT,
    since BIGINT,
    organisation UUID,
    PRIMARY KEY (subject, rule)
);
ALTER TABLE rule_state SET (toast_tuple_target = 8160);
CREATE INDEX rule_state_wake ON rule_state (partition, wake) WHERE wake IS NOT NULL AND blocked_from IS NULL;
CREATE INDEX rule_state_parked ON rule_state (organisation, subject, rule) WHERE blocked_from IS NOT NULL;
CREATE INDEX rule_state_paused ON rule_state (rule) WHERE blocked_from IS NOT NULL AND blocked_by IS NULL;
