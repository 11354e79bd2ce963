"""The demonstration district: invented people who arrive through the real import."""
