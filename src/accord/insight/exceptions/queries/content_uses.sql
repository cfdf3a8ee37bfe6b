-- When each piece of content was last used: sent, shown or copied by a seller, or downloaded by a person.
WITH uses AS (
    SELECT used.asset, used.occurred_at AS at
    FROM facts.content_uses AS used
    CROSS JOIN as_of
    WHERE used.occurred_at <= as_of.now
    UNION ALL
    SELECT events.asset, events.at
    FROM timeline AS events
    WHERE events.kind = 'content_download' AND events.asset IS NOT NULL AND events.quality = 'human' AND events.counted
)
SELECT asset, count(*) AS uses, max(uses.at) AS last_at
FROM uses
GROUP BY asset
ORDER BY last_at, asset
