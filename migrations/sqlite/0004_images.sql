-- Pictures of achievements, as they are served.

CREATE TABLE image (
    id BLOB PRIMARY KEY NOT NULL,
    organisation BLOB NOT NULL REFERENCES organisation (id),
    media TEXT NOT NULL,
    document BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;
