SELECT
    lead, person,
    cast(sum(CASE WHEN part = 'fit' THEN points ELSE 0 END) AS DECIMAL(38, 9)) AS fit,
    cast(sum(CASE WHEN part = 'engagement' THEN points ELSE 0 END) AS DECIMAL(38, 9)) AS engagement,
    cast(sum(points) AS DECIMAL(38, 9)) AS score
FROM score_lines
GROUP BY lead, person
