-- Parameters: first moment, first moment after, channel or null, segment or null.
SELECT CAST($1 AS TIMESTAMP) AS start_at, CAST($2 AS TIMESTAMP) AS end_at,
       CAST($3 AS VARCHAR) AS channel, CAST($4 AS VARCHAR) AS segment
