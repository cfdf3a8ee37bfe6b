-- The name touches and costs share for a campaign: its own name in lower case, as utm_campaign is kept.
SELECT source || ':campaign:' || source_id AS campaign_id, max(lower(name)) AS label, max(name) AS name,
       max(channel) AS channel, max(audience) AS audience
FROM facts.campaigns
GROUP BY source || ':campaign:' || source_id
