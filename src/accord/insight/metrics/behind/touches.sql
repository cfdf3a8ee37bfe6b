-- Counted marketing touches of the period by kind, quality and channel. A touch is of a segment if its person has a lead
-- of it; with a channel too, one of both.
SELECT t.kind, t.channel, t.quality, t.quality_reason, count(*) AS facts, TRUE AS recorded,
       t.quality = 'machine' AS machine
FROM timeline AS t
CROSS JOIN asked AS a
WHERE t.counted AND t.team = 'marketing' AND t.at >= a.start_at AND t.at < a.end_at
    AND (a.channel IS NULL OR t.channel = a.channel)
    AND (a.segment IS NULL OR t.person IN (
        SELECT l.person
        FROM leads AS l
        JOIN asked AS b ON l.segment = b.segment AND (b.channel IS NULL OR l.channel = b.channel)
    ))
GROUP BY t.kind, t.channel, t.quality, t.quality_reason
