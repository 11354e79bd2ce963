"""The WeChat official account's wire, in and out. Nothing outside this folder knows the platform's formats."""
