-- Whenever a piece of content was taken by a person (a download, or any counted human touch with a piece on the list),
-- or used by a seller; `nth` is 1 when a person took it first.
WITH events AS (
    SELECT t.asset, t.at, t.person, t.channel, FALSE AS by_seller, t.fact_id
    FROM timeline AS t
    WHERE t.counted AND t.quality = 'human' AND t.team = 'marketing' AND t.asset IS NOT NULL
        AND (t.kind = 'content_download' OR t.asset IN (SELECT name FROM facts.assets))
    UNION ALL
    SELECT u.asset, u.occurred_at AS at, CAST(NULL AS BIGINT) AS person, CAST(NULL AS VARCHAR) AS channel,
           TRUE AS by_seller, u.fact_id
    FROM facts.content_uses AS u
    CROSS JOIN as_of
    WHERE u.occurred_at <= as_of.now
)
SELECT events.asset, events.at, events.channel, events.by_seller,
       row_number() OVER (
           PARTITION BY events.asset, events.by_seller, events.person ORDER BY events.at, events.fact_id
       ) AS nth
FROM events
