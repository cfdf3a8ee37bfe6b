-- What the leads list can be filtered by, each value with the number of leads, per owner so that everybody's menus count
-- only what they may see.
SELECT 'stage' AS facet, stage AS value, CAST(NULL AS VARCHAR) AS label, owner_email, count(*) AS leads
FROM lead_list GROUP BY stage, owner_email
UNION ALL
SELECT 'channel' AS facet, channel AS value, CAST(NULL AS VARCHAR) AS label, owner_email, count(*) AS leads
FROM lead_list GROUP BY channel, owner_email
UNION ALL
SELECT 'segment' AS facet, segment AS value, CAST(NULL AS VARCHAR) AS label, owner_email, count(*) AS leads
FROM lead_list GROUP BY segment, owner_email
UNION ALL
SELECT 'campaign' AS facet, campaign AS value, CAST(NULL AS VARCHAR) AS label, owner_email, count(*) AS leads
FROM lead_list GROUP BY campaign, owner_email
UNION ALL
SELECT 'owner' AS facet, owner_email AS value, max(owner_name) AS label, owner_email, count(*) AS leads
FROM lead_list GROUP BY owner_email
