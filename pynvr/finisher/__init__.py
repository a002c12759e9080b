"""finisher"""
