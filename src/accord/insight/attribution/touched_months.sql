-- Counted touches of each campaign by local month, with the first moment and the last.
SELECT coalesce(g.starts_utc, t.at) AS at, coalesce(n.label, t.campaign) AS campaign,
       count(*) AS touches, min(t.at) AS first_at, max(t.at) AS last_at
FROM timeline AS t
LEFT JOIN grains AS g ON g.day = CAST(t.at AS DATE) AND t.at >= g.starts_utc AND t.at < g.ends_utc
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
WHERE t.campaign IS NOT NULL AND t.counted
GROUP BY 1, 2
