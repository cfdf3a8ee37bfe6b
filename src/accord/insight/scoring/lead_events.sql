-- Counted human events, each in the cycle it happened in. Scores read these and nothing else.
SELECT
    cycles.lead, cycles.opened_at, cycles.from_at, cycles.until_at,
    timeline."at" AS occurred_at, timeline.known_at,
    timeline.team, timeline.kind, timeline.path, timeline.url, timeline.form, timeline.asset, timeline.campaign,
    timeline.channel, timeline.origin, timeline.medium, timeline.direction, timeline.session,
    timeline.utm_source, timeline.utm_medium, timeline.utm_campaign, timeline.utm_term, timeline.utm_content,
    timeline.duration_seconds
FROM timeline
JOIN cycles
    ON timeline.person = cycles.person
    AND timeline."at" >= cycles.from_at AND timeline."at" < cycles.until_at
WHERE timeline.counted AND timeline.quality = 'human'
