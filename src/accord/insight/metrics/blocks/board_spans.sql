-- Parameters: first moment, first moment after, first moment of the period before (or null).
SELECT 1 AS span, CAST($1 AS TIMESTAMP) AS start_at, CAST($2 AS TIMESTAMP) AS end_at, CAST($3 AS TIMESTAMP) AS before_at
