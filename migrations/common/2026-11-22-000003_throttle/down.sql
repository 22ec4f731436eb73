DROP TABLE devices;
DROP TABLE budgets;
