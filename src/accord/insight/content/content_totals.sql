-- Every piece of content with its sums of a period. Parameters: first moment, first moment after, channel or null.
WITH found AS (
    SELECT d.asset, CAST(sum(d.touches) AS BIGINT) AS touches, CAST(sum(d.people) AS BIGINT) AS people,
           CAST(sum(d.uses) AS BIGINT) AS uses
    FROM content_days AS d
    WHERE d.at >= $1 AND d.at < $2 AND (CAST($3 AS VARCHAR) IS NULL OR d.channel = $3)
    GROUP BY d.asset
)
SELECT c.*, coalesce(f.touches, 0) AS touches, coalesce(f.people, 0) AS people, coalesce(f.uses, 0) AS uses
FROM content AS c
LEFT JOIN found AS f ON f.asset = c.asset
ORDER BY coalesce(f.touches, 0) + coalesce(f.uses, 0) DESC, c.asset
