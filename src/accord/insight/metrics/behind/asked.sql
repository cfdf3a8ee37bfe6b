-- Parameters: first moment, first moment after, first moment of the period before, channel, segment; the last three may
-- be null.
SELECT CAST($1 AS TIMESTAMP) AS start_at, CAST($2 AS TIMESTAMP) AS end_at, CAST($3 AS TIMESTAMP) AS before_at,
       CAST($4 AS VARCHAR) AS channel, CAST($5 AS VARCHAR) AS segment
