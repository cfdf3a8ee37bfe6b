-- Stages entered by the agreement, by local day and the lead's channel and segment: how many leads entered, and how
-- many of them have entered a later stage since.
WITH furthest AS (
    SELECT lead, max(stage_no) AS stage_no
    FROM stage_entries
    WHERE basis = 'agreement'
    GROUP BY lead
)
SELECT coalesce(g.starts_utc, e.at) AS at, l.channel, l.segment, e.stage, count(*) AS entered,
       count(*) FILTER (WHERE f.stage_no > e.stage_no) AS passed
FROM stage_entries AS e
LEFT JOIN grains AS g ON g.day = CAST(e.at AS DATE) AND e.at >= g.starts_utc AND e.at < g.ends_utc
JOIN leads AS l ON l.lead = e.lead
JOIN furthest AS f ON f.lead = e.lead
WHERE e.basis = 'agreement'
GROUP BY 1, 2, 3, 4
