-- Stands for the step of another branch, so that the numbers have no hole; the merge replaces it.

SELECT 1;
