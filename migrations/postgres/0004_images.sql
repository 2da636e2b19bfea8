-- Pictures of achievements, as they are served.

CREATE TABLE image (
    id UUID PRIMARY KEY NOT NULL,
    organisation UUID NOT NULL REFERENCES organisation (id),
    media TEXT NOT NULL,
    document BYTEA NOT NULL,
    created BIGINT NOT NULL
);
