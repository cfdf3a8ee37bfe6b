-- Spend since a moment, and how much of it names no campaign.
SELECT coalesce(sum(value), 0) AS spend, coalesce(sum(value) FILTER (WHERE campaign_id IS NULL), 0) AS loose
FROM spend_values AS costs
CROSS JOIN as_of
WHERE costs.at >= $1 AND costs.at <= as_of.now
