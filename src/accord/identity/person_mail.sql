-- The e-mail address of people whose records carry none today, from their names.
SELECT named.person, min(substr(named.actor, 7)) AS email
FROM name_people AS named
ANTI JOIN (
    SELECT owner FROM person_spans WHERE until_at = TIMESTAMP '9999-12-31' AND email IS NOT NULL
) AS mailed ON named.person = mailed.owner
WHERE named.kind_no = 2
GROUP BY named.person
