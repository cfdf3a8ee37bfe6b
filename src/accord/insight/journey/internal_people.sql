-- People of one's own company, and test records: their touches are shown, never scored or credited.
SELECT
    people.person,
    CASE WHEN people.is_test THEN 'a test record' ELSE 'own domain ' || people.email_domain END AS reason
FROM people
LEFT JOIN internal_domains AS own ON people.email_domain = own.domain
WHERE people.is_test OR own.domain IS NOT NULL
