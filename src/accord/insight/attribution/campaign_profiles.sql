-- What is known of each campaign by its label: its name as written, the channel it states, else the one most of its
-- touches came by, and the segment it was meant for.
WITH stated AS (
    SELECT label AS campaign, max(name) AS name, max(channel) AS channel, max(audience) AS audience
    FROM campaign_labels
    WHERE label IS NOT NULL
    GROUP BY label
)
SELECT coalesce(s.campaign, c.campaign) AS campaign, coalesce(s.name, c.campaign) AS name,
       coalesce(s.channel, c.channel) AS channel, s.audience
FROM stated AS s
FULL JOIN campaign_channels AS c ON c.campaign = s.campaign
