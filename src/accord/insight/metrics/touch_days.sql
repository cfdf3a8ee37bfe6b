-- Counted marketing touches by local day, for every channel and segment that can be asked for (null: for all). A touch
-- is of a segment if its person has a lead of it; with a channel too, one of both.
WITH touched AS (
    SELECT coalesce(g.starts_utc, t.at) AS at, t.channel, t.person, t.quality
    FROM timeline AS t
    LEFT JOIN grains AS g ON g.day = CAST(t.at AS DATE) AND t.at >= g.starts_utc AND t.at < g.ends_utc
    WHERE t.counted AND t.team = 'marketing'
), by_channel AS (
    SELECT touched.at, channel, count(*) AS recorded, count(*) FILTER (WHERE quality = 'machine') AS machine
    FROM touched
    GROUP BY touched.at, channel
)
SELECT b.at, CAST(NULL AS VARCHAR) AS channel, CAST(NULL AS VARCHAR) AS segment,
       CAST(sum(b.recorded) AS BIGINT) AS recorded, CAST(sum(b.machine) AS BIGINT) AS machine
FROM by_channel AS b
GROUP BY b.at
UNION ALL
SELECT b.at, b.channel, CAST(NULL AS VARCHAR) AS segment, b.recorded, b.machine
FROM by_channel AS b
WHERE b.channel IS NOT NULL
UNION ALL
SELECT t.at, CAST(NULL AS VARCHAR) AS channel, l.segment, count(*) AS recorded,
       count(*) FILTER (WHERE t.quality = 'machine') AS machine
FROM touched AS t
JOIN (SELECT DISTINCT person, segment FROM leads WHERE segment IS NOT NULL) AS l ON l.person = t.person
GROUP BY t.at, l.segment
UNION ALL
SELECT t.at, t.channel, l.segment, count(*) AS recorded, count(*) FILTER (WHERE t.quality = 'machine') AS machine
FROM touched AS t
JOIN (SELECT DISTINCT person, channel, segment FROM leads WHERE segment IS NOT NULL) AS l
    ON l.person = t.person AND l.channel = t.channel
GROUP BY t.at, t.channel, l.segment
