-- Pairs of names that are not to be joined directly (`unjoin`) or at all (`apart`). Only a person's own later
-- word takes that back, so that a tool sending the same link every day cannot.
WITH pairs AS (
    SELECT
        about,
        a,
        b,
        max("at") FILTER (WHERE kind IN ('unjoin', 'apart')) AS parted_at,
        max("at") FILTER (WHERE kind = 'join' AND rule = 'by_hand') AS rejoined_at,
        bool_or(kind = 'apart') AS apart
    FROM link_facts
    GROUP BY about, a, b
)
SELECT about, a, b, apart
FROM pairs
WHERE parted_at IS NOT NULL AND (rejoined_at IS NULL OR rejoined_at <= parted_at)
