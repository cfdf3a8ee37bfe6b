-- Content by local day, piece and channel: how often people took it, how many of them for the first time, and how often
-- sellers used it.
SELECT coalesce(g.starts_utc, e.at) AS at, e.asset, e.channel,
       count(*) FILTER (WHERE NOT e.by_seller) AS touches,
       count(*) FILTER (WHERE NOT e.by_seller AND e.nth = 1) AS people,
       count(*) FILTER (WHERE e.by_seller) AS uses
FROM content_events AS e
LEFT JOIN grains AS g ON g.day = CAST(e.at AS DATE) AND e.at >= g.starts_utc AND e.at < g.ends_utc
GROUP BY 1, 2, 3
