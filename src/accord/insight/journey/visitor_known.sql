-- Since when it is known that a visitor is a person: what a browser did before counts for the person only then.
WITH named AS (
    SELECT a AS visitor, b AS other, known_at FROM facts.links WHERE kind = 'join'
    UNION ALL
    SELECT b AS visitor, a AS other, known_at FROM facts.links WHERE kind = 'join'
)
SELECT named.visitor AS actor, actors.person, min(named.known_at) AS known_at
FROM named
JOIN actors ON named.other = actors.actor
WHERE split_part(named.visitor, ':', 2) = 'visitor' AND NOT starts_with(named.visitor, 'email:')
GROUP BY named.visitor, actors.person
