-- One account record per source and domain stands for the domain; `first` marks the one of the best source.
WITH per_source AS (
    SELECT *, row_number() OVER (PARTITION BY domain, source ORDER BY "at", account_id) AS nth
    FROM account_records
    WHERE domain IS NOT NULL
)
SELECT
    domain,
    account_id,
    "at",
    row_number() OVER (PARTITION BY domain ORDER BY rank, source, account_id) = 1 AS first
FROM per_source
WHERE nth = 1
