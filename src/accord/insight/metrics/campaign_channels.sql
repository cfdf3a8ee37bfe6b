-- The channel most of a campaign's counted touches came by (a tie: the first by name), for costs that state none.
WITH seen AS (
    SELECT coalesce(n.label, t.campaign) AS campaign, t.channel, count(*) AS touches
    FROM timeline AS t
    LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
    WHERE t.counted AND t.quality = 'human' AND t.campaign IS NOT NULL AND t.channel IS NOT NULL
    GROUP BY coalesce(n.label, t.campaign), t.channel
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY campaign ORDER BY touches DESC, channel) AS nth
    FROM seen
)
SELECT campaign, channel
FROM ranked
WHERE nth = 1
