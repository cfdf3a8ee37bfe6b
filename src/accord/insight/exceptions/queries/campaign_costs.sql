-- What each campaign cost since a moment (the parameter), its channel, and when it first cost anything.
SELECT
    campaign,
    max(channel) AS channel,
    coalesce(sum(value) FILTER (WHERE spend.at >= $1), 0) AS cost,
    min(spend.at) AS first_at
FROM spend_values AS spend
CROSS JOIN as_of
WHERE value IS NOT NULL AND spend.at <= as_of.now
GROUP BY campaign
