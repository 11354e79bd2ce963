"""Videos, certificates and pictures: fetched, checked, hosted, drawn."""
