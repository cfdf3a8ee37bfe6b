"""What the facts mean: journeys, scores, credit, measures. Each package reads tables and makes tables."""
