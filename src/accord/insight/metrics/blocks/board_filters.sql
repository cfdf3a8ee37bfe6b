-- Parameters: channel, segment, each or both null.
SELECT 1 AS filter, CAST($4 AS VARCHAR) AS channel, CAST($5 AS VARCHAR) AS segment
