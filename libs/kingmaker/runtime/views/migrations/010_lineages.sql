-- How the product of a training came about, where not as every training makes it.
CREATE TABLE lineages (
    training TEXT NOT NULL,
    slot TEXT,
    origin TEXT,
    parent TEXT,
    digest TEXT,
    teacher TEXT,
    event TEXT,
    PRIMARY KEY (training)
);
