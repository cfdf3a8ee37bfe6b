-- Channels and segments of leads, and none, with the filters that let them pass.
SELECT k.channel, k.segment, f.filter
FROM (
    SELECT channel, segment FROM leads
    UNION
    SELECT CAST(NULL AS VARCHAR) AS channel, CAST(NULL AS VARCHAR) AS segment
) AS k
JOIN board_filters AS f
    ON (f.channel IS NULL OR f.channel = k.channel) AND (f.segment IS NULL OR f.segment = k.segment)
