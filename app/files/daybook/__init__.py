"""The day's workbook for the bureau: one logical table, printed in the usual forms."""
