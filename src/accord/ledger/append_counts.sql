SELECT
    (SELECT count(*) FROM new_facts) AS loaded,
    (SELECT count(*) FROM known_facts) AS known,
    (SELECT count(*) FROM identified) - (SELECT count(*) FROM new_facts) - (SELECT count(*) FROM known_facts) AS duplicate
