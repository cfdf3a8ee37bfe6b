-- The channels and segments the scoreboard is worked out for when building: each alone, both together, and neither.
WITH channels AS (
    SELECT channel FROM lead_days
    UNION
    SELECT channel FROM touch_days
    UNION
    SELECT channel FROM spend_values
    UNION
    SELECT CAST(NULL AS VARCHAR) AS channel
), segments AS (
    SELECT segment FROM lead_days
    UNION
    SELECT CAST(NULL AS VARCHAR) AS segment
)
SELECT row_number() OVER (ORDER BY channel, segment) AS filter, channel, segment
FROM channels
CROSS JOIN segments
