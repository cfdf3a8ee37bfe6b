-- The first counted human touch of each lead.
WITH firsts AS (
    SELECT cycles.lead, cycles.person, min(events.at) AS at
    FROM timeline AS events
    JOIN cycles
        ON events.person = cycles.person AND events.at >= cycles.from_at AND events.at < cycles.until_at
    WHERE events.counted AND events.quality = 'human' AND events.team = 'marketing'
    GROUP BY cycles.lead, cycles.person
), ranked AS (
    SELECT
        firsts.lead,
        events.channel,
        events.campaign,
        row_number() OVER (PARTITION BY firsts.lead ORDER BY events.fact_id) AS nth
    FROM timeline AS events
    JOIN firsts ON events.person = firsts.person AND events.at = firsts.at
    WHERE events.counted AND events.quality = 'human' AND events.team = 'marketing'
)
SELECT ranked.lead, channel, campaign FROM ranked WHERE nth = 1
