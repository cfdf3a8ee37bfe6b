SELECT rows_in - repeats - known AS loaded, known, repeats AS duplicate
FROM (SELECT count(*) AS rows_in FROM identified)
CROSS JOIN (SELECT count(*) AS known FROM known_facts)
CROSS JOIN (SELECT coalesce(CAST(sum(n - 1) AS BIGINT), 0) AS repeats FROM repeated_facts)
