-- What to append. A view: known, repeated and revised are small next to the batch, which is read only once more.
WITH fresh AS (
    SELECT * FROM identified ANTI JOIN known_facts ON identified.fact_id = known_facts.fact_id
),
once AS (
    SELECT * FROM fresh ANTI JOIN repeated_facts ON fresh.fact_id = repeated_facts.fact_id
    UNION ALL
    SELECT * EXCLUDE (nth)
    FROM (
        SELECT fresh.*, row_number() OVER (PARTITION BY fact_id) AS nth
        FROM fresh SEMI JOIN repeated_facts ON fresh.fact_id = repeated_facts.fact_id
    )
    WHERE nth = 1
)
SELECT
    once.* EXCLUDE (known_if_first)
        REPLACE (CASE WHEN revised.subject IS NULL THEN once.known_if_first ELSE once.known_at END AS known_at),
    revised.subject IS NOT NULL AS revises
FROM once LEFT JOIN revised ON once.subject = revised.subject
