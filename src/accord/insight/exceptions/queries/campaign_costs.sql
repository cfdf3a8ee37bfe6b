-- What each campaign cost since a moment (the parameter), its channel, and when it first cost anything.
WITH named AS (
    SELECT lower(name) AS campaign, max(name) AS name
    FROM facts.campaigns
    GROUP BY lower(name)
)
SELECT
    spend.campaign,
    coalesce(max(named.name), spend.campaign) AS name,
    max(profiles.channel) AS channel,
    coalesce(sum(value) FILTER (WHERE spend.at >= $1), 0) AS cost,
    min(spend.at) AS first_at
FROM spend_values AS spend
CROSS JOIN as_of
LEFT JOIN named ON spend.campaign = named.campaign
LEFT JOIN campaign_profiles AS profiles ON spend.campaign = profiles.campaign
WHERE value IS NOT NULL AND spend.at <= as_of.now
GROUP BY spend.campaign
