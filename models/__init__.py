"""What holds true in a district: rules, tables, questions and deeds. Knows no wording, no WeChat, no web, no clock."""
