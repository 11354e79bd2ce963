"""Files in and out: district, roster, campaign and calendar in; exports, day workbook, records and slips out."""
