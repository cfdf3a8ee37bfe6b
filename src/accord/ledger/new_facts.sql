WITH repeated AS (
    SELECT fact_id FROM identified GROUP BY fact_id HAVING count(*) > 1
),
fresh AS (
    SELECT * FROM identified ANTI JOIN live ON identified.fact_id = live.fact_id
),
numbered AS (
    SELECT fresh.*, row_number() OVER (PARTITION BY fact_id) AS nth
    FROM fresh SEMI JOIN repeated ON fresh.fact_id = repeated.fact_id
),
once AS (
    SELECT * FROM fresh ANTI JOIN repeated ON fresh.fact_id = repeated.fact_id
    UNION ALL
    SELECT * EXCLUDE (nth) FROM numbered WHERE nth = 1
)
SELECT once.*, revised.subject IS NOT NULL AS revises
FROM once LEFT JOIN revised ON once.subject = revised.subject
