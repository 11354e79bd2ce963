"""Figures of reports. FILLED"""
