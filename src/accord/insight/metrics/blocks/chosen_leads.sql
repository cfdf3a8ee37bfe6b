-- Leads of the asked channel and segment; `known`: of a person who is not anonymous, and not excluded unless a
-- stage was reached first (who has bought is a customer now, and excluded from then on).
SELECT l.*, NOT coalesce(p.anonymous, FALSE)
           AND (l.excluded_by IS NULL OR coalesce(l.stage, 'new') <> 'new') AS known
FROM leads AS l
CROSS JOIN asked AS a
LEFT JOIN people AS p ON p.person = l.person
WHERE (a.channel IS NULL OR l.channel = a.channel) AND (a.segment IS NULL OR l.segment = a.segment)
