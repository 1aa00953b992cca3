-- The last commit per subject, what a unit has reported, and the files of evidence.
CREATE TABLE head (
    subject KEY PRIMARY KEY,
    seq BIGINT NOT NULL
);
CREATE TABLE file (
    hash KEY PRIMARY KEY,
    seq BIGINT NOT NULL,
    size BIGINT NOT NULL,
    type KEY NOT NULL
);
CREATE INDEX parcel_unit ON parcel (unit, what, seq);
-- The tree of units is read before all else.
CREATE INDEX parcel_tree ON parcel (seq, part) WHERE what IN ('unit', 'lineage');
